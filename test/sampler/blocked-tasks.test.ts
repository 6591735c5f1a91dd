/** Tasks that are stuck in state D, of a fake Linux. */
import { describe, expect, test } from "bun:test";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import {
  FakeSampler,
  rowOf,
  type FakeSamplerOptions,
} from "../support/fake-linux/fake-sampler.ts";

/** iotop, and a task that has waited since before the watch. */
function start(options: FakeSamplerOptions = {}) {
  const linux = new FakeLinux();
  linux.fork(0, 1);
  const task = linux.fork(1);
  linux.run(task);
  const sampler = new FakeSampler(linux, options);
  const { procfs } = sampler;
  /** How long the task is said to have been stuck after one more second, ms; null if that is unknown. */
  const afterSecond = (comm = task.comm): number | null => {
    linux.sleep(1000);
    const row = rowOf(sampler.sample(), comm)!;
    return row.blockedNs === null ? null : Math.round(row.blockedNs / 1e6);
  };
  return { linux, task, sampler, procfs, afterSecond };
}

describe("a task that runs, and then is stuck", () => {
  test("has been stuck since it was last known to run, and until it runs again", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    sampler.watch();
    expect(afterSecond()).toBe(0);
    linux.run(task);
    procfs.stuck.add(task);
    expect(afterSecond()).toBe(0);
    expect(afterSecond()).toBe(1000);
    expect(afterSecond()).toBe(2000);
    procfs.stuck.delete(task);
    linux.run(task);
    expect(afterSecond()).toBe(0);
    expect(afterSecond()).toBe(0);
  });

  test("has another row in each sample, and one that stays before and after", () => {
    const { linux, task, sampler, procfs } = start();
    const next = () => {
      linux.sleep(1000);
      return rowOf(sampler.sample(), task.comm)!;
    };
    sampler.watch();
    next();
    expect(next()).toBe(next());
    linux.io(task, { readBytes: 8192 });
    procfs.stuck.add(task);
    next();
    const first = next();
    const second = next();
    expect(second).not.toBe(first);
    expect(second.blockedNs).toBeGreaterThan(first.blockedNs!);
    expect([first.readBytes, first.since.readBytes]).toEqual([0, 8192]);
    procfs.stuck.delete(task);
    linux.run(task);
    expect(next().since.readBytes).toBe(8192);
    expect(next()).toBe(next());
  });

  test("is not stuck if it runs in between, however often it is seen in that state", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    sampler.watch();
    procfs.stuck.add(task);
    for (let i = 0; i < 4; i++) {
      linux.run(task);
      expect(afterSecond()).toBe(0);
    }
  });

  test("ends: its last row says nothing of it, and its slot is another's", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    sampler.watch();
    linux.run(task);
    procfs.stuck.add(task);
    afterSecond();
    expect(afterSecond()).toBe(1000);
    linux.exitProcess(task.process);
    expect(afterSecond()).toBe(0);
    linux.reap(task.process);
    linux.sleep(1000);
    sampler.sample();
    const next = linux.fork(1);
    expect(afterSecond(next.comm)).toBe(0);
    expect(afterSecond(next.comm)).toBe(0);
  });

  test("may be a thread of a process that goes on", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    const thread = linux.clone(task.process);
    sampler.watch();
    linux.run(thread);
    procfs.stuck.add(thread);
    const seen: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      linux.run(task);
      seen.push(afterSecond(thread.comm));
    }
    expect(seen).toEqual([0, 1000, 2000, 3000]);
    linux.run(task);
    linux.sleep(1000);
    const [process] = sampler
      .sample()
      .processes.filter((row) => row.task.pid === task.process.pid);
    expect(Math.round(process!.blockedNs! / 1e6)).toBe(4000);
  });
});

describe("a task that was there when watching began", () => {
  test("is looked at once, and has been stuck since it was first seen", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    procfs.stuck.add(task);
    sampler.watch();
    expect(procfs.looks).toBe(0);
    expect(afterSecond()).toBe(1000);
    expect(afterSecond()).toBe(2000);
    linux.run(task);
    expect(afterSecond()).toBe(0);
  });

  test("is unknown until then: hundreds are looked at in each scan", () => {
    const { linux, sampler, procfs } = start({ pidMax: 32_768 });
    for (let i = 0; i < 1000; i++) linux.run(linux.fork(1));
    sampler.watch();
    const unknown = (): number => {
      linux.sleep(1000);
      return sampler
        .sample()
        .threads.filter(({ blockedNs }) => blockedNs === null).length;
    };
    const left = Array.from({ length: 6 }, unknown);
    expect(left[0]).toBeGreaterThan(600);
    expect(left[0]).toBeLessThan(900);
    expect(left.slice(4)).toEqual([0, 0]);
    const { looks } = procfs;
    unknown();
    expect(procfs.looks).toBe(looks);
  });
});

test("who rests is looked at once, who works never", () => {
  const { linux, task, sampler, procfs, afterSecond } = start();
  sampler.watch();
  afterSecond();
  const { looks } = procfs;
  for (let i = 0; i < 5; i++) {
    linux.run(task);
    afterSecond();
  }
  expect(procfs.looks).toBe(looks);
  for (let i = 0; i < 5; i++) afterSecond();
  expect(procfs.looks).toBe(looks + 1);
});

test("a multitude that is stuck is all there, at the price of some hundreds", () => {
  const { linux, sampler, procfs } = start({ pidMax: 32_768 });
  for (let i = 0; i < 1500; i++) {
    const task = linux.fork(1);
    linux.run(task);
    procfs.stuck.add(task);
  }
  sampler.watch();
  let stuck = 0;
  for (let i = 0; i < 12; i++) {
    linux.sleep(1000);
    const { looks } = procfs;
    stuck = sampler.sample().threads.filter((row) => row.blockedNs! > 0).length;
    expect(procfs.looks - looks).toBeLessThanOrEqual(250);
  }
  expect(stuck).toBe(1500);
});

describe("between the sampler's reading and the look", () => {
  test("a task that has run is not stuck", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    sampler.watch();
    linux.run(task);
    expect(afterSecond()).toBe(0);
    // It wakes, asks for a block and waits for it, just before we look.
    procfs.onReadState = (tid) => {
      if (tid !== task.tid) return;
      procfs.onReadState = () => {};
      procfs.stuck.add(task);
      linux.run(task);
    };
    expect(afterSecond()).toBe(0);
    procfs.stuck.delete(task);
    expect(afterSecond()).toBe(0);
  });

  test("a task that is gone is not stuck", () => {
    const { linux, task, sampler, procfs, afterSecond } = start();
    sampler.watch();
    linux.run(task);
    procfs.stuck.add(task);
    afterSecond();
    procfs.onReadState = (tid) => {
      if (tid !== task.tid) return;
      procfs.onReadState = () => {};
      linux.exitProcess(task.process);
      linux.reap(task.process);
    };
    expect(afterSecond()).toBe(0);
    linux.sleep(1000);
    expect(rowOf(sampler.sample(), task.comm)!.blockedNs).toBe(0);
  });
});

test("where states cannot be read they are unknown, but of who runs", () => {
  const { linux, task, sampler, procfs, afterSecond } = start();
  procfs.showsNoStates = true;
  procfs.stuck.add(task);
  sampler.watch();
  expect(afterSecond()).toBeNull();
  expect(afterSecond()).toBeNull();
  linux.run(task);
  expect(afterSecond()).toBe(0);
});

test("where it cannot be read how often a task ran, a second look makes sure", () => {
  const { linux, task, sampler, procfs, afterSecond } = start();
  procfs.hasNoRunCounts = true;
  sampler.watch();
  linux.run(task);
  procfs.stuck.add(task);
  expect(afterSecond()).toBe(0);
  expect(afterSecond()).toBe(0);
  expect(afterSecond()).toBe(2000);
  linux.run(task);
  expect(afterSecond()).toBe(0);
});
