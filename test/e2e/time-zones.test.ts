/** The times that the built program prints are those of date, whatever form TZ has and whoever runs it. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import {
  copyBinary,
  ensureBinary,
  openTerminal,
  runBinary,
} from "../support/binary.ts";
import { makeSample, row } from "../support/samples.ts";
import { TIMES_MS, ZONES, datesOf } from "../support/machine/zones.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";

const LACK = lackOfRoot ?? lackOf("setpriv");

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

// Recordings go forward.
const TIMES = [...TIMES_MS].sort((a, b) => a - b);
const folder = mkdtempSync(join(tmpdir(), "iotop-zones-"));
const recording = join(folder, "recording.jsonl");

beforeAll(() => {
  chmodSync(folder, 0o755);
  const lines = TIMES.map((timeMs, n) => {
    const threads = [row({ tid: 7, readBytes: 4096 })];
    const sample = makeSample({ seq: n + 1, timeMs, threads });
    return encodeRecord(toRecord(sample, { all: true, view: DEFAULT_VIEW }));
  });
  writeFileSync(recording, lines.map((line) => `${line.trimEnd()}\n`).join(""));
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (
  zone: string | undefined,
  args: readonly string[],
  command?: readonly string[],
) =>
  runBinary(["--replay", recording, "--speed", "max", ...args], {
    env: { TZ: zone },
    ...(command === undefined ? {} : { command }),
  });

const clocksIn = (text: string): readonly string[] =>
  [...text.matchAll(/^(\S+) Total DISK READ/gm)].map((match) => match[1]!);

const clocksOf = (zone: string | undefined): readonly string[] =>
  datesOf(zone, TIMES).map((date) => date.split(" ")[1]!);

describe("batch and report", () => {
  test.each([...ZONES, undefined].map((zone) => [zone]))(
    "in TZ=%s",
    async (zone) => {
      const { stdout, status } = await replay(zone, ["-bt"]);
      expect(status).toBe(0);
      expect(clocksIn(stdout)).toEqual([...clocksOf(zone)]);
      const report = await replay(zone, ["--output", "report"]);
      expect(report.stdout.replaceAll(/\s+/g, " ")).toContain(
        `until ${datesOf(zone, TIMES).at(-1)}.`,
      );
    },
  );

  test.skipIf(LACK !== null)(needing("without root", LACK), async () => {
    chmodSync(recording, 0o644);
    const command = [
      "setpriv",
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      copyBinary(folder),
    ];
    const { stdout } = await replay("JST-9", ["-bt"], command);
    expect(clocksIn(stdout)).toEqual([...clocksOf("JST-9")]);
  });

  test("of now, not of a recording", async () => {
    const zone = "<+0330>-3:30";
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { stdout } = await runBinary(["-bt", "-P", "-n", "1", "-d", "0.1"], {
      env: { TZ: zone },
    });
    const seconds = Math.ceil((Date.now() - before) / 1000) + 1;
    const possible = Array.from(
      { length: seconds },
      (_, n) => before + n * 1000,
    );
    const clocks = datesOf(zone, possible).map((date) => date.split(" ")[1]);
    expect(clocks).toContain(clocksIn(stdout)[0]);
  });
});

test("the screen", async () => {
  const zone = "AAA+11:22:33";
  await using terminal = openTerminal(
    ["--replay", recording, "--speed", "max"],
    { env: { TZ: zone }, columns: 100 },
  );
  // Of later ones only the digits that differ are written.
  await terminal.until((text) => text.includes(clocksOf(zone)[0]!));
});
