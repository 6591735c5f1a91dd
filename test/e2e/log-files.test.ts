/** A recorder that runs for months: files that are cut off, rotated and renamed, and a disk that is full. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  BASE_ENV,
  BINARY,
  ensureBinary,
  runBinary,
  startBinary,
  type RunningBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { catches } from "../support/machine/signals.ts";
import {
  lacksOfSmallDisk,
  openSmallDisk,
} from "../support/machine/small-disk.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let disk: ReturnType<typeof diskFolder>;
beforeEach(() => (disk = diskFolder()));
afterEach(() => disk[Symbol.dispose]());
const at = (name: string): string => join(disk.path, name);

const recordsOf = (path: string): any[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const seqsOf = (path: string): number[] =>
  existsSync(path) ? recordsOf(path).map(({ seq }) => seq) : [];
/** Whole ones. */
const linesIn = (path: string): number =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
const untilLines = (path: string, count: number) =>
  eventually(
    () => linesIn(path),
    (lines) => lines >= count,
  );
/** Without a controlling terminal, as a unit of systemd runs it. */
const away = { command: ["setsid", "--wait", BINARY] };

test("a recording that was cut off loses nothing of the next run", async () => {
  for (const [name, before] of [
    ["a", `{"schema":"iotop.sample/1","seq":1,"ti`],
    ["b", "\0\0\0"],
  ] as const) {
    writeFileSync(at(name), before);
    const args = ["-n", "3", "-d", "0.05", "--output", `jsonl=${at(name)}`];
    expect((await runBinary(args)).status).toBe(0);
    const lines = readFileSync(at(name), "utf8").split("\n");
    expect([lines.length, lines[0]]).toEqual([5, before]);
    const replay = ["--replay", at(name), "--speed", "max"];
    const { stdout, stderr } = await runBinary([
      ...replay,
      ...["--output", "jsonl"],
    ]);
    expect(stdout).toBe(lines.slice(1).join("\n"));
    expect(stderr).toContain("skipped line 1");
  }
});

test.each(["x.jsonl.gz", "X.ZST", "y.xz"])(
  "%s is no name for plain text",
  async (name) => {
    for (const output of ["jsonl", "batch"]) {
      const args = ["-n", "1", "--output", `${output}=${at(name)}`];
      const { status, stderr } = await runBinary(args);
      expect({ status, lines: stderr.split("\n").length }).toEqual({
        status: 2,
        lines: 2,
      });
      expect(stderr).toContain("would be plain text");
      expect(existsSync(at(name))).toBe(false);
    }
  },
);

describe("a file that is rotated holds each sample once, over all files", () => {
  const record = () =>
    startBinary(
      ["log", "whole"]
        .flatMap((name) => ["--output", `jsonl=${at(name)}`])
        .concat("-d", "0.05"),
      away,
    );
  /** Where a file takes long, one sample stands for several: what they cover is the same as in the file that stays. */
  const expectEachOnce = (records: any[]): void => {
    const seqs = records.map(({ seq }) => seq).sort((a, b) => a - b);
    expect(new Set(seqs).size).toBe(seqs.length);
    const whole = recordsOf(at("whole"));
    expect(seqs.at(-1)).toBe(whole.at(-1)!.seq);
    const sums = (of: any[]) => ({
      seconds: of.reduce((sum, { interval_s }) => sum + interval_s, 0),
      bytes: of.reduce((sum, { total }) => sum + total.write_bytes, 0),
    });
    const { seconds, bytes } = sums(whole);
    expect(sums(records)).toEqual({
      seconds: expect.closeTo(seconds, 6),
      bytes,
    });
  };
  const end = async (running: RunningBinary): Promise<void> => {
    running.kill("SIGTERM");
    expect((await running.exited).status).toBe(0);
  };

  test("renamed, without a signal", async () => {
    await using running = record();
    await untilLines(at("log"), 2);
    renameSync(at("log"), at("log.1"));
    await untilLines(at("log"), 2);
    await end(running);
    expectEachOnce(["log.1", "log"].flatMap((name) => recordsOf(at(name))));
    expect(statSync(at("log")).mode & 0o777).toBe(0o600);
  });

  test.each(["SIGUSR1", "SIGHUP"] as const)(
    "renamed, and %s: the new file is there at once",
    async (signal) => {
      // Too slow to look by itself.
      await using running = startBinary(
        ["-d", "600", "--output", `jsonl=${at("log")}`],
        { command: ["setsid", BINARY] },
      );
      await eventually(
        () => existsSync(at("log")) && catches(running.pid, signal),
        (ready) => ready,
      );
      renameSync(at("log"), at("log.1"));
      running.kill(signal);
      await eventually(
        () => existsSync(at("log")),
        (there) => there,
      );
      running.kill("SIGTERM");
      expect((await running.exited).status).toBe(0);
    },
  );

  const lacks = [lackOfRoot, lackOf("logrotate")];
  const isSkipped = lacks.some((lack) => lack !== null);
  test.skipIf(isSkipped).each([
    // What is written between the copy and the cut is lost, whoever writes it: iotop stands still meanwhile.
    [
      "copytruncate",
      "copytruncate\nprerotate\nkill -STOP $(cat PID)\nendscript\npostrotate\nkill -CONT $(cat PID)\nendscript",
      false,
    ],
    ["create", "create 0600 root root", false],
    [
      "create, delaycompress and SIGUSR1",
      "create 0640 root root\ncompress\ndelaycompress\nsharedscripts\npostrotate\nkill -USR1 $(cat PID)\nendscript",
      true,
    ],
  ])(needing("by logrotate: %s", ...lacks), async (_, how, isCompressed) => {
    await using running = record();
    writeFileSync(at("pid"), String(running.pid));
    // Made again at each turn: setsid has the program as its child.
    const rules = how.replaceAll(
      "$(cat PID)",
      "$(pgrep -P $(cat PID) || cat PID)",
    );
    writeFileSync(
      at("rules"),
      `${at("log")} {\nrotate 9\nmissingok\n${rules.replaceAll("PID", at("pid"))}\n}\n`,
      { mode: 0o600 },
    );
    for (const turn of [1, 2]) {
      await untilLines(at("log"), 3);
      const { exitCode, stderr } = Bun.spawnSync(
        ["logrotate", "-f", "-s", at("state"), at("rules")],
        { env: { ...BASE_ENV, PATH: `${BASE_ENV.PATH}:/usr/sbin` } },
      );
      expect([turn, exitCode, stderr.toString()]).toEqual([turn, 0, ""]);
    }
    await untilLines(at("log"), 1);
    await end(running);
    const names = readdirSync(disk.path).filter((name) => /^log/.test(name));
    expect(names).toHaveLength(3);
    const records = names.flatMap((name) => {
      if (!isCompressed || !name.endsWith(".gz")) return recordsOf(at(name));
      writeFileSync(at("plain"), gunzipSync(readFileSync(at(name))));
      return recordsOf(at("plain"));
    });
    expectEachOnce(records);
  });
});

const isSkipped = lacksOfSmallDisk.some((lack) => lack !== null);
test.skipIf(isSkipped)(
  needing(
    "a full disk costs samples and no sums, and is said once",
    ...lacksOfSmallDisk,
  ),
  async () => {
    // The merged samples of a busy machine are long.
    using small = openSmallDisk(8 << 20);
    const path = join(small.path, "log");
    await using running = startBinary([
      ...["-d", "0.2", "--output", `jsonl=${path}`],
      ...["--output", `jsonl=${at("whole")}`],
    ]);
    await untilLines(path, 2);
    const used = Math.ceil(statSync(path).size / 4096) * 4096;
    // What is left is too little for a line, so that one is written in part.
    small.fill(used);
    await eventually(
      () => running.stderr,
      (text) => text.includes("waiting for space"),
    );
    await untilLines(at("whole"), linesIn(at("whole")) + 5);
    expect(readFileSync(path, "utf8")).toMatch(/\n$/);
    small.free();
    await eventually(
      () => running.stderr,
      (text) => text.includes("there is space again"),
    );
    running.kill("SIGTERM");
    const { status, stderr } = await running.exited;
    expect(status).toBe(0);
    expect(readFileSync(path, "utf8")).toMatch(/^(?:\{.*\}\n)+$/);
    const sum = (from: string): number =>
      recordsOf(from).reduce((sum, { total }) => sum + total.write_bytes, 0);
    expect(sum(path)).toBe(sum(at("whole")));
    const whole = seqsOf(at("whole"));
    expect(seqsOf(path).length).toBeLessThan(whole.length);
    expect(seqsOf(path).at(-1)).toBe(whole.at(-1)!);
    const told = stderr.split("\n").filter((line) => line.includes(path));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("no space left on device");
    expect(told[1]).toMatch(/there is space again: \d+ samples were merged/);
  },
);
