/** --report on the built program: who did it, with the processes that are gone. */
import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BINARY,
  openTerminal,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { runDds } from "../support/dd.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

/** The first row of the table: cells by the title of their column. */
function firstRowOf(report: string): Record<string, string> {
  const lines = report.split("\n");
  const cells = (line: string | undefined) => (line ?? "").split(/ {2,}/);
  const at = lines.findIndex((line) => line.startsWith("COMMAND "));
  const row = cells(lines[at + 1]);
  return Object.fromEntries(
    cells(lines[at]).map((title, n) => [title, row[n] ?? ""]),
  );
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("a report"), () => {
  test("has 200 short dd in the first row, with every byte of them", async () => {
    using disk = diskFolder();
    const folder = mkdtempSync(join(tmpdir(), "iotop-report-"));
    const lines = join(folder, "io.jsonl");
    await using running = startBinary([
      ...["--report", "5", "-k", "--output", `jsonl=${lines}`],
    ]);
    // Has begun to watch.
    while (!(await Bun.file(lines).exists()) || Bun.file(lines).size === 0)
      await Bun.sleep(20);
    const { comm, written } = await runDds(200, disk.path);
    const { status, stdout } = await running.exited;
    rmSync(folder, { recursive: true });
    expect(status).toBe(0);
    expect(firstRowOf(stdout)).toMatchObject({
      COMMAND: comm,
      PROCESSES: "200",
      ENDED: "200",
      "DISK WRITE": `${(written / 1024).toFixed(2)} K`,
    });
  }, 60_000);
});

test("ends by itself, on time, with nothing but the report", async () => {
  const beganMs = performance.now();
  const { status, stdout } = await runBinary(["-b", "--report", "0.7"]);
  expect(performance.now() - beganMs).toBeWithin(700, 3000);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Watched \S+ for 0\.[67]\d s, until /);
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
