/** What a sample says beside the counters: numbers, times, health, what is unknown, and which rows stay. */
import { describe, expect, test } from "bun:test";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import type { FakeTask } from "../support/fake-linux/fake-linux-tasks.ts";
import {
  FakeSampler,
  rowOf,
  type FakeSamplerOptions,
} from "../support/fake-linux/fake-sampler.ts";

const KIB = 1024;

function start(options: FakeSamplerOptions = {}, linux = new FakeLinux()) {
  linux.fork(0, 1);
  linux.fork(0, 2, true);
  const kworker = linux.fork(2, undefined, true);
  const task = linux.fork(1);
  linux.sleep(1000);
  const rig = new FakeSampler(linux, options);
  rig.watch();
  linux.sleep(1000);
  return { linux, rig, task, kworker };
}

describe("after a slow first scan counting begins anew", () => {
  /** Tasks that work all the time: as much a second each. The first look at each takes so long. */
  function begin(lookMs: number) {
    const linux = new FakeLinux();
    linux.fork(0, 1);
    const tasks = Array.from({ length: 10 }, () => linux.fork(1));
    const rig = new FakeSampler(linux);
    let workedNs = linux.nowNs;
    const work = () => {
      const kib = Math.floor((linux.nowNs - workedNs) / 1e6);
      workedNs += kib * 1e6;
      for (const task of tasks)
        if (!task.hasEnded) linux.io(task, { readBytes: kib * KIB });
    };
    linux.look = (at) => {
      if (!at.startsWith("list threads")) return;
      linux.sleep(lookMs);
      work();
    };
    rig.watch();
    linux.look = () => {};
    return { linux, tasks, rig, work };
  }

  test("so that rows add up to the total in the first sample already", () => {
    const { linux, rig, work } = begin(30);
    rig.countFromNow();
    const beganNs = linux.nowNs;
    linux.sleep(1000);
    work();
    const { threads, host, intervalNs, seq } = rig.sample();
    expect(seq).toBe(1);
    expect(intervalNs).toBeWithin(1e9, linux.nowNs - beganNs + 1e7);
    const rows = threads.reduce((sum, row) => sum + row.readRate!, 0);
    const total = (host.readBytes! * 1e9) / intervalNs;
    expect(rows / total).toBeWithin(0.98, 1.02);
    // Without it, ten looks of 30 ms.
    expect(total).toBeWithin(9.8e6, 10.5e6);
    expect(host.since.readBytes).toBe(host.readBytes!);
    for (const row of threads) expect(row.since.readBytes).toBe(row.readBytes!);
  });

  test("and what came and went before is in no sample", () => {
    const { linux, rig, tasks } = begin(0);
    const [ending, going] = tasks as [FakeTask, FakeTask];
    linux.io(ending, { writeBytes: 4 * KIB });
    linux.exitProcess(ending.process);
    linux.reap(ending.process);
    const began = linux.fork(1);
    linux.io(began, { writeBytes: 8 * KIB });
    const thread = linux.clone(going.process);
    linux.io(thread, { writeBytes: 16 * KIB });
    linux.exit(thread);
    rig.countFromNow();
    linux.sleep(1000);
    linux.io(began, { writeBytes: KIB });
    const sample = rig.sample();
    expect(sample.health.vanished).toBe(0);
    expect(rowOf(sample, ending.comm)).toBeUndefined();
    expect(rowOf(sample, began.comm)).toMatchObject({
      born: false,
      ...{ writeBytes: KIB, since: { writeBytes: KIB } },
    });
    const process = sample.processes.find(
      ({ task }) => task.pid === going.process.pid,
    )!;
    expect(process.since.writeBytes).toBe(0);
    expect(sample.host).toMatchObject({
      ...{ writeBytes: KIB, since: { writeBytes: KIB } },
    });
  });
});

describe("the sample", () => {
  test("is numbered from 1 and covers the time between two scans", () => {
    const { rig, linux } = start();
    const first = rig.sample();
    linux.sleep(2500);
    const second = rig.sample();
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(first.intervalNs / 1e9).toBeCloseTo(1, 2);
    expect(second.intervalNs / 1e9).toBeCloseTo(2.5, 2);
    expect(second.timeMs - first.timeMs).toBeCloseTo(2500, 0);
    expect(second.uptimeS - first.uptimeS).toBeCloseTo(2.5, 2);
    expect(second.health.scanNs).toBeGreaterThan(0);
  });

  test("says where it comes from", () => {
    const { rig } = start();
    expect(rig.sample().origin).toEqual({
      hostname: "fake",
      bootId: "00000000-0000-4000-8000-000000000000",
      accounting: "taskstats",
      delayAccounting: true,
    });
  });

  test("counts the tasks that /proc hides, as far as their number is known", () => {
    const { rig, linux } = start();
    expect(rig.sample().health.denied).toBe(0);
    rig.procfs.hidesTasks = true;
    rig.procfs.taskTotal = null;
    // Until /proc is listed again.
    linux.sleep(60_000);
    const { health, host } = rig.sample();
    expect(health.denied).toBeNull();
    const { tasks } = host;
    rig.procfs.taskTotal = tasks + 40;
    expect(rig.sample().health.denied).toBe(40);
    // The two numbers are not of one moment.
    rig.procfs.taskTotal = tasks - 1;
    expect(rig.sample().health.denied).toBe(1);
  });

  test("a process of which /proc shows nothing has not vanished", () => {
    const { rig, linux, task } = start();
    const barred = linux.fork(1);
    rig.procfs.barred.add(barred.tid);
    rig.procfs.taskTotal = linux.tasks.size;
    for (let i = 0; i < 3; i++) {
      linux.io(barred, { writeBytes: 4 * KIB });
      linux.io(task, { writeBytes: KIB });
      const { health, threads, host } = rig.sample();
      expect(health).toMatchObject({ denied: 1, vanished: 0 });
      expect(threads.map((row) => row.task.tid)).not.toContain(barred.tid);
      expect(host.writeBytes).toBe(KIB);
    }
  });

  test("counts the tasks that live at its end", () => {
    const { rig, linux, task } = start();
    linux.clone(task.process);
    expect(rig.sample().host.tasks).toBe(5);
    linux.exitProcess(task.process);
    expect(rig.sample().host.tasks).toBe(3);
  });

  test("adds up since watching began, for the host too", () => {
    const { rig, linux, task } = start();
    linux.io(task, { readBytes: 4 * KIB });
    rig.sample();
    linux.io(task, { readBytes: 8 * KIB });
    const { host } = rig.sample();
    expect(host.readBytes).toBe(8 * KIB);
    expect(host.since.readBytes).toBe(12 * KIB);
  });

  test("tells what the block layer moved, and null when it cannot", () => {
    const { rig } = start();
    rig.procfs.block = { readBytes: 10 * KIB, writeBytes: 3 * KIB };
    expect(rig.sample().host).toMatchObject({
      diskReadBytes: 10 * KIB,
      diskWriteBytes: 3 * KIB,
      pressure: null,
    });
    rig.procfs.block = null;
    rig.procfs.pressure = { someUs: 0, fullUs: 0 };
    expect(rig.sample().host.diskReadBytes).toBeNull();
    rig.linux.sleep(1000);
    rig.procfs.pressure = { someUs: 500_000, fullUs: 100_000 };
    const { pressure } = rig.sample().host;
    expect(pressure?.someRatio).toBeCloseTo(0.5, 2);
    expect(pressure?.fullRatio).toBeCloseTo(0.1, 2);
  });
});

describe("what tasks have done since they began", () => {
  test("is told of each, idle ones too, and of a process with its ended threads", () => {
    const linux = new FakeLinux();
    linux.fork(0, 1);
    linux.fork(0, 2, true);
    const idle = linux.fork(1);
    const busy = linux.fork(1);
    const thread = linux.clone(busy.process);
    linux.io(idle, { writeBytes: 64 * KIB, cancelledBytes: 4 * KIB });
    linux.io(busy, { readBytes: 16 * KIB });
    linux.io(thread, { readBytes: 32 * KIB });
    const rig = new FakeSampler(linux);
    rig.watch();
    linux.sleep(1000);
    linux.io(thread, { readBytes: KIB });
    linux.exit(thread);
    rig.sample();
    linux.io(busy, { readBytes: 2 * KIB });
    const { processes } = rig.sample();
    const lifetime = (pid: number) =>
      processes.find(({ task }) => task.pid === pid)!.lifetime;
    expect(lifetime(idle.process.pid)).toEqual({
      readBytes: 0,
      writeBytes: 64 * KIB,
      cancelledBytes: 4 * KIB,
    });
    expect(lifetime(busy.process.pid)?.readBytes).toBe(51 * KIB);
    expect(rig.sample().threads.map(({ lifetime }) => lifetime)).not.toContain(
      null,
    );
  });
});

describe("rows", () => {
  test("of tasks that do nothing are the very same objects", () => {
    const { rig, linux, task } = start();
    const first = rig.sample();
    linux.io(task, { readBytes: 4 * KIB });
    const second = rig.sample();
    const third = rig.sample();
    const fourth = rig.sample();
    for (const row of first.threads) {
      const { comm } = row.task;
      if (comm === task.comm) continue;
      expect(rowOf(second, comm)).toBe(row);
      expect(rowOf(fourth, comm)).toBe(row);
    }
    expect(rowOf(second, task.comm)).not.toBe(rowOf(first, task.comm));
    expect(rowOf(third, task.comm)).toMatchObject({
      readBytes: 0,
      since: { readBytes: 4 * KIB },
    });
    expect(rowOf(fourth, task.comm)).toBe(rowOf(third, task.comm));
  });

  test("of a task that began are marked once", () => {
    const { rig, linux } = start();
    const task = linux.fork(1);
    expect(rowOf(rig.sample(), task.comm)?.born).toBe(true);
    expect(rowOf(rig.sample(), task.comm)?.born).toBe(false);
  });

  test("keep one task object for a life", () => {
    const { rig, linux, task } = start();
    const first = rowOf(rig.sample(), task.comm)!.task;
    linux.io(task, { readBytes: 4 * KIB });
    expect(rowOf(rig.sample(), task.comm)!.task).toBe(first);
    expect(first).toMatchObject({ tid: task.tid, pid: task.tid, ppid: 1 });
  });

  test("know kernel threads, which have no command line", () => {
    const { rig, kworker, task } = start();
    const sample = rig.sample();
    expect(rowOf(sample, kworker.comm)?.task).toMatchObject({
      isKernelThread: true,
      cmdline: [],
    });
    expect(rowOf(sample, task.comm)?.task).toMatchObject({
      isKernelThread: false,
      cmdline: [`/bin/${task.comm}`],
    });
  });

  test("read no facts of a task that has ended under its tid", () => {
    const { rig, linux, task } = start();
    linux.exit(task);
    linux.reap(task.process);
    linux.sleep(200);
    const young = linux.fork(1, task.tid);
    const sample = rig.sample();
    expect(rowOf(sample, task.comm)?.task.cmdline).toBeNull();
    expect(rowOf(sample, young.comm)?.task.cmdline).toEqual([
      `/bin/${young.comm}`,
    ]);
  });

  test("divide by the task's own time, also after the process was idle for long", () => {
    const { rig, linux, task } = start();
    const other = linux.clone(task.process);
    rig.sample();
    for (let i = 0; i < 3; i++) {
      linux.sleep(1000);
      rig.sample();
    }
    linux.sleep(2000);
    linux.io(other, { readBytes: 4 * KIB });
    const sample = rig.sample();
    const row = rowOf(sample, other.comm)!;
    expect(row.elapsedNs / 1e9).toBeCloseTo(2, 2);
    expect(row.readRate).toBeCloseTo(2 * KIB, -2);
  });

  test("of a new or ended task divide by the interval", () => {
    const { rig, linux } = start();
    const task = linux.fork(1);
    linux.io(task, { readBytes: 4 * KIB });
    linux.exit(task);
    const sample = rig.sample();
    expect(rowOf(sample, task.comm)?.elapsedNs).toBe(sample.intervalNs);
  });
});

describe("health", () => {
  test("counts losses once, in the sample in which they were found", () => {
    const { rig, linux } = start({ exits: { room: 2 } });
    for (let i = 0; i < 5; i++) {
      const task = linux.fork(1);
      linux.exit(task);
      linux.reap(task.process);
    }
    expect(rig.sample().health).toMatchObject({ lostExits: 1, vanished: 0 });
    expect(rig.sample().health).toMatchObject({ lostExits: 0, vanished: 0 });
  });

  test("a known task whose message was dropped has vanished", () => {
    const { rig, linux, task } = start({ exits: { room: 1 } });
    const filler = linux.fork(1);
    linux.exit(filler);
    linux.exit(task);
    linux.reap(task.process);
    const sample = rig.sample();
    expect(sample.health).toMatchObject({ lostExits: 1, vanished: 1 });
    expect(
      sample.threads.find((row) => row.task.tid === task.tid)?.exit,
    ).toEqual({ code: null, signal: null });
    expect(rig.sample().health).toMatchObject({ lostExits: 0, vanished: 0 });
  });

  test("exit messages that overflow between samples are drained as well", () => {
    const { rig, linux } = start({ exits: { room: 100, batch: 4 } });
    for (let i = 0; i < 10; i++) {
      const task = linux.fork(1);
      linux.exit(task);
      linux.reap(task.process);
    }
    expect(rig.drain()).toBe(10);
    expect(rig.drain()).toBe(0);
    expect(rig.sample().threads).toHaveLength(14);
  });

  test("answers that find no room are asked for again, and nothing is missing", () => {
    const linux = new FakeLinux();
    const tasks: FakeTask[] = [];
    const { rig } = start({ answers: { room: 5 } }, linux);
    for (let i = 0; i < 40; i++) tasks.push(linux.fork(1));
    for (const task of tasks) linux.io(task, { readBytes: KIB });
    const sample = rig.sample();
    expect(sample.host.readBytes).toBe(40 * KIB);
    expect(sample.health.vanished).toBe(0);
  });
});

describe("waits", () => {
  function startWithout() {
    const linux = new FakeLinux();
    linux.delayAccounting = false;
    return start({}, linux);
  }

  test("are unknown while the kernel does not count them", () => {
    const { rig, task, linux } = startWithout();
    linux.io(task, { readBytes: KIB, ioWaitNs: 1000 });
    const { host, threads } = rig.sample();
    expect([host.ioWaitNs, host.swapWaitNs]).toEqual([null, null]);
    expect(threads.every((row) => row.ioPercent === null)).toBe(true);
  });

  test("are unknown of a kernel that cannot count them, which tells bytes all the same", () => {
    const { rig, task, linux } = start({ countsDelays: false });
    linux.io(task, { readBytes: KIB });
    const { host, origin, threads } = rig.sample();
    expect(host.readBytes).toBe(KIB);
    expect(origin.delayAccounting).toBe(false);
    expect(host.ioWaitNs).toBeNull();
    expect(threads.every((row) => row.ioWaitNs === null)).toBe(true);
  });

  test("are known of tasks that start after they are switched on", () => {
    const { rig, task, linux } = startWithout();
    rig.sample();
    linux.delayAccounting = true;
    // Of nobody yet, so that their sum is not known either.
    expect(rig.sample().host.ioWaitNs).toBeNull();
    expect(rig.sample().host.swapWaitNs).toBeNull();
    linux.sleep(100);
    const young = linux.fork(1);
    linux.io(young, { ioWaitNs: 1000 });
    linux.io(task, { ioWaitNs: 1000 });
    const sample = rig.sample();
    expect(rowOf(sample, young.comm)?.ioWaitNs).toBe(1000);
    expect(rowOf(sample, task.comm)?.ioWaitNs).toBeNull();
    expect(sample.host.ioWaitNs).toBe(1000);
    const idle = rig.sample();
    expect(rowOf(idle, young.comm)?.ioWaitNs).toBe(0);
    expect(rowOf(idle, task.comm)?.ioWaitNs).toBeNull();
  });

  test("are unknown again after they are switched off", () => {
    const { rig, linux } = start();
    expect(rig.sample().host.ioWaitNs).toBe(0);
    linux.delayAccounting = false;
    const sample = rig.sample();
    expect(sample.host.ioWaitNs).toBeNull();
    expect(sample.threads.every((row) => row.ioWaitNs === null)).toBe(true);
  });
});

describe("cost", () => {
  test("follows the processes that ran", () => {
    const { rig, linux } = start();
    const processes = Array.from({ length: 20 }, () => {
      const main = linux.fork(1);
      for (let i = 0; i < 4; i++) linux.clone(main.process);
      return main.process;
    });
    for (const task of linux.tasks.values()) linux.run(task);
    rig.sample();
    rig.sample();
    const { requests } = rig.kernel;
    const before = requests.task;
    rig.procfs.listed = { processes: 0, threads: 0 };
    linux.io(processes[0]!.tasks[3]!, { readBytes: KIB });
    const sample = rig.sample();
    expect(sample.host.readBytes).toBe(KIB);
    // Of the process that ran, and of the one that plays iotop, which has but one thread.
    expect(requests.task - before).toBe(5 + 1);
    expect(rig.procfs.listed).toEqual({ processes: 0, threads: 1 });
  });

  test("without idle detection: everybody is asked", () => {
    const { rig, linux } = start({ idleDetection: false });
    const main = linux.fork(1);
    for (let i = 0; i < 4; i++) linux.clone(main.process);
    rig.sample();
    const before = rig.kernel.requests.task;
    rig.sample();
    expect(rig.kernel.requests.task - before).toBe(9);
  });
});
