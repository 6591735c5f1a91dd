// waits: it measures times
import { expect, setDefaultTimeout, test } from "bun:test";
import {
  isFine,
  openCpuClock,
  type CpuClock,
} from "../../src/kernel/cpu-clock.ts";
import { eventually } from "../support/eventually.ts";
import { startWorkload } from "../support/workload.ts";

setDefaultTimeout(120_000);

test("our own CPU time moves while we run, and is what the runtime says", () => {
  const clock = openCpuClock();
  const first = clock.processRunNs(process.pid);
  expect(clock.processRunNs(process.pid)).toBeGreaterThan(first);
  // Both are sums of the same counts, which only grow; the runtime cuts its two to microseconds.
  const usedUs = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const beforeUs = usedUs();
  const runUs = clock.processRunNs(process.pid) / 1e3;
  const afterUs = usedUs();
  expect(runUs).toBeGreaterThan(beforeUs - 10);
  expect(runUs).toBeLessThan(afterUs + 10);
});

test("of who sleeps it stands", async () => {
  const clock = openCpuClock();
  await using sleepers = startWorkload("sleepers", 1, 3);
  await sleepers.ready;
  const readMs = () => clock.processRunNs(sleepers.pid) / 1e6;
  // It goes to sleep, sooner or later.
  await eventually(
    async () => {
      const beforeMs = readMs();
      await Bun.sleep(50);
      return readMs() - beforeMs;
    },
    (ranMs) => ranMs === 0,
  );
  expect(readMs()).toBeGreaterThan(0);
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
