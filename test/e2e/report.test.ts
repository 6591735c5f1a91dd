/** --report on the built program: who did it, with the processes that are gone. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BINARY,
  ensureBinary,
  openTerminal,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

/** The row of a command: cells by the title of their column. */
function rowOf(report: string, command: string): Record<string, string> {
  const lines = report.split("\n");
  const cells = (line: string | undefined) => (line ?? "").split(/ {2,}/);
  const at = lines.findIndex((line) => line.startsWith("COMMAND "));
  const row = cells(lines.find((line) => line.startsWith(`${command} `)));
  return Object.fromEntries(
    cells(lines[at]).map((title, n) => [title, row[n] ?? ""]),
  );
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("a report"), () => {
  test("has 200 short dd in one row, with every byte of them", async () => {
    using disk = diskFolder();
    const folder = mkdtempSync(join(tmpdir(), "iotop-report-"));
    const lines = join(folder, "io.jsonl");
    await using running = startBinary([
      ...["--report", "3600", "-d", "1", "-k", "--output", `jsonl=${lines}`],
    ]);
    // Has begun to watch.
    await eventually(
      async () => (await Bun.file(lines).exists()) && Bun.file(lines).size > 0,
      Boolean,
    );
    const { comm, written } = await runDds(200, disk.path);
    running.kill("SIGTERM");
    const { status, stdout } = await running.exited;
    rmSync(folder, { recursive: true });
    expect(status).toBe(0);
    expect(rowOf(stdout, comm)).toMatchObject({
      COMMAND: comm,
      PROCESSES: "200",
      ENDED: "200",
      "DISK WRITE": `${(written / 1024).toFixed(2)} K`,
    });
  });
});

test("ends by itself, not before its time, with nothing but the report", async () => {
  const beganMs = performance.now();
  const { status, stdout } = await runBinary(["-b", "--report", "0.7"]);
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(700);
  expect(status).toBe(0);
  const watched = /^Watched \S+ for (\d+\.\d+) s, until /.exec(stdout);
  expect(Number(watched?.[1])).toBeGreaterThanOrEqual(0.6);
  expect(stdout).not.toMatch(/^Total/m);
});

test("goes to a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "iotop-report-"));
  const path = join(folder, "report.txt");
  const args = ["--report", "0.2", "--output", `report=${path},group=user`];
  const { status, stdout } = await runBinary(args);
  expect([status, stdout]).toEqual([0, ""]);
  expect(readFileSync(path, "utf8")).toStartWith("Watched ");
  rmSync(folder, { recursive: true });
});

test("stays on the terminal when the screen has gone", async () => {
  await using session = openTerminal([
    ...["--output", "screen", "--report", "0.5"],
  ]);
  const { status } = await session.exited;
  expect(status).toBe(0);
  const shown = await session.until((output) =>
    output.includes("The block layer of the whole machine"),
  );
  const [, after] = shown.split("\x1b[?1049l");
  expect(after).toStartWith("Watched ");
});

test.each([
  [["--report", "soon"], /^iotop: --report soon: must be a number of seconds/],
  [
    ["--report", "1", "--output", "jsonl"],
    /^iotop: jsonl and report cannot both write to stdout; /,
  ],
])("%p is one line and status 2", async (args, message) => {
  const { status, stdout, stderr } = await runBinary(args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("is told of in the help", async () => {
  const help = Bun.spawnSync([BINARY, "--help"]).stdout.toString();
  expect(help).toContain("--report SEC");
  expect(help).toContain("\n  report[=FILE]");
});
