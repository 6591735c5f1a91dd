import { expect, test } from "bun:test";
import {
  isFine,
  openCpuClock,
  type CpuClock,
} from "../../src/kernel/cpu-clock.ts";
import { startWorkload } from "../support/workload.ts";

test("our own CPU time moves while we run, and is what the runtime says", () => {
  const clock = openCpuClock();
  const first = clock.processRunNs(process.pid);
  expect(clock.processRunNs(process.pid)).toBeGreaterThan(first);
  const { user, system } = process.cpuUsage();
  const runNs = clock.processRunNs(process.pid);
  expect(Math.abs(runNs / 1e3 - user - system)).toBeLessThan(100_000);
});

test("of who sleeps it stands", async () => {
  const clock = openCpuClock();
  await using sleepers = startWorkload("sleepers", 1, 3);
  await sleepers.ready;
  // It goes to sleep.
  await Bun.sleep(50);
  const first = clock.processRunNs(sleepers.pid);
  expect(first).toBeGreaterThan(0);
  await Bun.sleep(50);
  expect(clock.processRunNs(sleepers.pid)).toBe(first);
});

test("a process that is not there has no time", () => {
  const clock = openCpuClock();
  expect(clock.processRunNs(4_194_304)).toBeNaN();
});

test("a thread that is not its process's first is not a process", async () => {
  const clock = openCpuClock();
  await using sleepers = startWorkload("sleepers", 1, 3);
  await sleepers.ready;
  const threads = [
    ...new Bun.Glob("*").scanSync({
      cwd: `/proc/${sleepers.pid}/task`,
      onlyFiles: false,
    }),
  ].map(Number);
  for (const tid of threads)
    expect(Number.isNaN(clock.processRunNs(tid))).toBe(tid !== sleepers.pid);
});

test("a clock of this machine is fine", () => {
  expect(isFine(openCpuClock(), process.pid)).toBe(true);
});

test.each<[string, CpuClock]>([
  ["stands between ticks", { processRunNs: () => 4e6 }],
  ["is not there", { processRunNs: () => NaN }],
])("a clock that %s is not", (_, clock) => {
  expect(isFine(clock, process.pid)).toBe(false);
});
