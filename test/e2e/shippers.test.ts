/** One line a task, as log shippers take it. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BASE_ENV,
  BINARY,
  ensureBinary,
  runBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let disk: ReturnType<typeof diskFolder>;
beforeEach(() => (disk = diskFolder()));
afterEach(() => disk[Symbol.dispose]());
const at = (name: string): string => join(disk.path, name);

/** Many short programs, one of them with a very long command line, recorded in both shapes. */
async function record(): Promise<void> {
  const long = "x".repeat(120_000);
  const work = `for i in $(seq 40); do dd if=/dev/zero of=${at("data")} bs=64k count=4 conv=fsync status=none; done; sh -c 'dd if=/dev/zero of=${at("data")} bs=64k count=4 conv=fsync status=none; :' ${long.slice(0, 100_000)}`;
  const load = Bun.spawn(["sh", "-c", work], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const { status } = await runBinary([
    ...["-n", "8", "-d", "0.25", "--output", `jsonl=${at("tasks")},shape=task`],
    ...["--output", `jsonl=${at("samples")}`],
  ]);
  expect(status).toBe(0);
  await load.exited;
}

const linesOf = (name: string): string[] =>
  readFileSync(at(name), "utf8").split("\n").slice(0, -1);
const sumOf = (amounts: readonly number[]): number =>
  amounts.reduce((a, b) => a + b, 0);

test("one line a task adds up to what one line a sample says, and cannot be replayed", async () => {
  await record();
  const lines = linesOf("tasks");
  const records = lines.map((line) => JSON.parse(line));
  const samples = linesOf("samples").map((line) => JSON.parse(line));
  for (const line of lines)
    expect(Buffer.byteLength(line)).toBeLessThan(16_000);
  const total = sumOf(samples.map((each) => each.total.write_bytes));
  expect(total).toBeGreaterThan(0);
  const ofTasks = records.filter(({ kind }) => kind === "task");
  const ofAll = records.filter(({ kind }) => kind === "total");
  expect(ofAll.map(({ seq }) => seq)).toEqual(samples.map(({ seq }) => seq));
  expect(sumOf(ofAll.map((each) => each.total.write_bytes))).toBe(total);
  const other = sumOf(ofAll.map((each) => each.other.write_bytes));
  expect(sumOf(ofTasks.map((each) => each.write_bytes)) + other).toBe(total);
  expect(statSync(at("tasks")).mode & 0o777).toBe(0o600);

  const args = ["--replay", at("tasks"), "--speed", "max", "-b"];
  const { status, stdout, stderr } = await runBinary(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    /^[^\n]*not a recording: record without shape=task\n$/,
  );
});

const lacks = [lackOfRoot, lackOf("rsyslogd")];
const isSkipped = lacks.some((lack) => lack !== null);
test.skipIf(isSkipped)(
  needing("rsyslog parses every line, and its sums are equal", ...lacks),
  async () => {
    await record();
    writeFileSync(
      at("rsyslog.conf"),
      `global(workDirectory="${disk.path}")
       module(load="imfile")
       module(load="mmjsonparse")
       template(name="row" type="string" string="%parsesuccess% %$!kind% %$!write_bytes% %$!total!write_bytes%\\n")
       input(type="imfile" file="${at("tasks")}" tag="iotop" ruleset="all")
       ruleset(name="all") {
         action(type="mmjsonparse" cookie="")
         action(type="omfile" file="${at("parsed")}" template="row")
       }\n`,
    );
    const server = Bun.spawn(
      ["rsyslogd", "-n", "-f", at("rsyslog.conf"), "-i", at("rsyslog.pid")],
      {
        env: { ...BASE_ENV, PATH: `${BASE_ENV.PATH}:/usr/sbin` },
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
      },
    );
    try {
      const lines = linesOf("tasks");
      const parsed = await eventually(
        () => (existsSync(at("parsed")) ? linesOf("parsed") : []),
        (rows) => rows.length >= lines.length,
      );
      expect(parsed).toHaveLength(lines.length);
      const rows = parsed.map((row) => row.split(" "));
      expect(rows.filter(([success]) => success !== "OK")).toEqual([]);
      const records = lines.map((line) => JSON.parse(line));
      for (const [at, kind] of [
        [2, "task"],
        [3, "total"],
      ] as const) {
        const told = rows.filter((row) => row[1] === kind);
        const amounts = records
          .filter((each) => each.kind === kind)
          .map((each) => (each.total ?? each).write_bytes as number);
        expect(told.map((row) => Number(row[at]))).toEqual(amounts);
      }
    } finally {
      server.kill("SIGTERM");
      await server.exited;
    }
  },
);

test("what is no number of bytes is refused", async () => {
  for (const value of ["1k", "-1", ""]) {
    const args = ["-n", "1", "--output", `jsonl,cmdline=${value}`];
    const { status, stdout, stderr } = await runBinary(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("cmdline");
  }
  const none = ["-n", "1", "-d", "0.1", "--output", "jsonl,all,cmdline=off"];
  const { stdout } = await runBinary(none, { command: [BINARY] });
  const { tasks } = JSON.parse(stdout);
  expect(tasks.length).toBeGreaterThan(0);
  for (const { cmdline } of tasks) expect(cmdline).toBeNull();
});
