/** Several recordings at once, on the built program. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, openTerminal, runBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { moments, writeRecording } from "../support/runs/recordings.ts";
import { linesOf, openXTerm } from "../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);
beforeAll(ensureBinary);

const DAY_MS = Date.parse("2026-11-24T00:00:00Z");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-recordings-"));
  for (const host of ["web1", "web2"])
    writeRecording(
      join(folder, `${host}.jsonl.zst`),
      moments(3, DAY_MS, { host }),
    );
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (...args: readonly string[]) =>
  runBinary(["--replay", folder, "--speed", "max", ...args], {
    env: { TZ: "UTC" },
  });

test("a folder with recordings of two hosts: a report of both, lines of text of one", async () => {
  const [report, both, one] = await Promise.all([
    replay("--output", "report"),
    replay("-b"),
    replay("-bqqq", "--host", "web2"),
  ]);
  expect(report.stdout).toStartWith(
    "Watched web1 and web2 for 3.00 s, until 2026-11-24 00:00:03.\n",
  );
  expect(report.stdout).toMatch(/^task5 +2 +0 +0\.00 B +24\.00 K /m);
  expect(both).toMatchObject({
    status: 2,
    stdout: "",
    stderr:
      "iotop: the recordings are of web1 and web2: choose one with --host NAME\n",
  });
  expect(one.status).toBe(0);
  expect(one.stdout.match(/task5$/gm)).toHaveLength(3);
});

test("a window of it, in longer samples: the same bytes, and sums that start there", async () => {
  const window = ["--from", "00:00:01", "--to", "2026-11-24T00:00:03Z"];
  const [json, wrong] = await Promise.all([
    replay(...window, "--host", "web1", "-d2", "--output", "jsonl"),
    replay("--from", "24:13", "-b"),
  ]);
  expect(json.status).toBe(0);
  const lines = parseLines(json.stdout);
  expect(lines.map(({ seq, interval_s }) => [seq, interval_s])).toEqual([
    [3, 2],
  ]);
  expect(lines[0]!.total.write_bytes).toBe(8192);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(
    /^iotop: --from 24:13: must be a time: 02:13, .*\n$/,
  );
});

test("on the screen, keys go to a time of it, and back from its end", async () => {
  const long = writeRecording(
    join(folder, "long", "l.jsonl.gz"),
    moments(200, DAY_MS),
  );
  const xterm = await openXTerm(130, 20);
  await using session = openTerminal(
    ["--replay", long, "--speed", "max", "--from", "00:00:10"],
    {
      ...{ columns: 130, rows: 20, env: { TZ: "UTC" } },
      onOutput: (bytes) => xterm.write(bytes),
    },
  );
  const shown = (pattern: RegExp) =>
    eventually(
      () => linesOf(xterm).join("\n"),
      (lines) => pattern.test(lines),
    );
  await session.until((output) => output.includes("end of the recording"));
  session.type("t00:01:40\r");
  await shown(/replay +48 % +max +2026-11-24 00:01:41/);
  session.type("]");
  await shown(/frozen, 00:01:42, 62 of 62 kept/);
  session.type("q");
  expect(await session.exited).toMatchObject({ status: 0 });
});
