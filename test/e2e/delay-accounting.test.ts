// alone: it switches the kernel's delay accounting
/** kernel.task_delayacct on and off: what is not counted is unknown, and iotop says how to count it. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBinary, runBinary } from "../support/binary.ts";
import {
  expectSums,
  recordWhile,
  sumOf,
  tasksOf,
} from "../support/json-run.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder, startWorkload } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const SWITCH = "/proc/sys/kernel/task_delayacct";
let before: string | undefined;

const restore = (): void => {
  if (before !== undefined) writeFileSync(SWITCH, before);
};

const hasSwitch = (() => {
  try {
    writeFileSync(SWITCH, readFileSync(SWITCH, "utf8"));
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(TASKSTATS_REFUSAL !== null || !hasSwitch)(
  needsTaskstats("delay accounting"),
  () => {
    beforeAll(() => {
      before = readFileSync(SWITCH, "utf8");
      // It is the machine's, and a run may be ended early.
      process.once("exit", restore);
      for (const signal of ["SIGINT", "SIGTERM"] as const)
        process.once(signal, () => process.exit(1));
    });
    afterAll(restore);

    describe("off", () => {
      beforeAll(() => writeFileSync(SWITCH, "0"));

      test("waits are null, never 0", async () => {
        using disk = diskFolder();
        const { records, result } = await recordWhile(
          async (oneMoreLine) => {
            await using work = startWorkload(
              ...["write", "756e6b6e6f776e", 512, join(disk.path, "file")],
            );
            await work.ready;
            await oneMoreLine();
            return work.pid;
          },
          ["-d", "0.3"],
        );
        const tasks = tasksOf(records, ({ pid }) => pid === result);
        expect(tasks.length).toBeGreaterThan(0);
        for (const task of tasks)
          expect(task).toMatchObject({
            io_delay_ns: null,
            io_delay_ratio: null,
            swapin_delay_ns: null,
            swapin_delay_ratio: null,
          });
        for (const { delay_accounting, total, other } of records) {
          expect(delay_accounting).toBe(false);
          expect([total.io_delay_ns, other.io_delay_ns]).toEqual([null, null]);
        }
        expectSums(records);
      });

      test("the text shows ?, and one line tells what turns it on", async () => {
        const { stdout, stderr } = await runBinary([
          "-b",
          "-n",
          "3",
          "-d",
          "0.2",
          "-p",
          "1",
        ]);
        const rows = stdout.split("\n").filter((line) => /^ +1 /.test(line));
        expect(rows).toHaveLength(3);
        for (const row of rows) expect(row).toMatch(/B\/s +\? % +\? % /);
        const lines = stderr.split("\n").filter((line) => line !== "");
        expect(lines).toHaveLength(1);
        expect(lines[0]).toContain("kernel.task_delayacct=1");
      });
    });

    describe("on", () => {
      beforeAll(() => writeFileSync(SWITCH, "1"));

      test("waits of tasks that start now are numbers", async () => {
        using disk = diskFolder();
        const beganMs = performance.now();
        const { records, result, stderr } = await recordWhile(
          async (oneMoreLine) => {
            await using work = startWorkload(
              ...["steady", 256, join(disk.path, "file"), 10],
            );
            await work.ready;
            for (let i = 0; i < 5; i++) await oneMoreLine();
            return work.pid;
          },
          ["-d", "0.1"],
        );
        const tasks = tasksOf(records, ({ pid }) => pid === result);
        const known = tasks.filter(({ io_delay_ns }) => io_delay_ns !== null);
        // The kernel can count a wait from its boot, which makes that interval unknown.
        expect(known.length).toBeGreaterThan(0);
        const waitedNs = sumOf(known, "io_delay_ns");
        expect(waitedNs).toBeGreaterThan(0);
        // It is one thread, and cannot wait for longer than it lived.
        expect(waitedNs).toBeLessThan((performance.now() - beganMs) * 1e6);
        for (const { delay_accounting, total, tasks } of records) {
          expect(delay_accounting).toBe(true);
          // Unknown if no task has ended a wait that the kernel has right.
          expect(total.io_delay_ns ?? 0).toBeGreaterThanOrEqual(0);
          for (const { io_delay_ns, io_delay_ratio } of tasks)
            expect(io_delay_ratio === null).toBe(io_delay_ns === null);
        }
        expectSums(records);
        expect(stderr).not.toContain("task_delayacct");
      });

      test("the text shows percentages", async () => {
        using disk = diskFolder();
        await using work = startWorkload(
          ...["steady", 256, join(disk.path, "file"), 20],
        );
        await work.ready;
        const { stdout } = await runBinary([
          "-b",
          "-n",
          "6",
          "-d",
          "0.2",
          "-p",
          String(work.pid),
        ]);
        const rows = stdout
          .split("\n")
          .filter((line) => line.includes("steady"));
        expect(rows).toHaveLength(6);
        for (const row of rows)
          expect(row).toMatch(/(?:0\.00 % +\d+\.\d\d %|\? % +\? %) /);
        // The kernel can count a wait from its boot, which makes that row unknown.
        expect(rows.some((row) => row.includes("%"))).toBe(true);
      });
    });

    test("a change while iotop runs is followed", async () => {
      writeFileSync(SWITCH, "0");
      const { records } = await recordWhile(
        async (oneMoreLine) => {
          await oneMoreLine();
          writeFileSync(SWITCH, "1");
          await oneMoreLine();
        },
        ["-d", "0.2"],
      );
      const switches = records.map((record) => record.delay_accounting);
      expect(switches[0]).toBe(false);
      expect(switches.at(-1)).toBe(true);
      expect(switches).toEqual(
        switches.toSorted((a, b) => Number(a) - Number(b)),
      );
      expectSums(records);
    });
  },
);
