/**
 * A small Linux: tasks that fork, read, write, exit, execve, and pids that are used again. It keeps the books itself,
 * so that a test can hold what a sampler reports against what really happened.
 *
 * Who looks at it (fake-kernel.ts, fake-procfs.ts) calls `look` first; a test changes the world there, which makes races.
 */
import type { Clock } from "../../../src/kernel/clock.ts";
import type { CpuClock } from "../../../src/kernel/cpu-clock.ts";
import {
  FAKE_COUNTERS,
  FakeProcess,
  FakeTask,
  type FakeCounters,
  type Halt,
} from "./fake-linux-tasks.ts";
import { FakePids } from "./fake-pids.ts";

/** What the kernel sends when a task ends. */
export interface FakeExit {
  readonly task: FakeTask;
  readonly isLastOfProcess: boolean;
  readonly hadThreads: boolean;
}

/** Tasks, clock and pids. Amounts are the caller's choice, and ids can be; nothing here is random. */
export class FakeLinux {
  nowNs = 1e15;
  delayAccounting = true;
  /** Everything that is listed, by tid. */
  readonly tasks = new Map<number, FakeTask>();
  readonly processes = new Map<number, FakeProcess>();
  /** Every task that ever was, by each name it ever had: names are unique. */
  readonly taskOfComm = new Map<string, FakeTask>();
  readonly everyTask = new Set<FakeTask>();
  /** Makes the message up; what it returns sends it. */
  onExit: (exit: FakeExit) => () => void = () => () => {};
  /** Somebody is about to look: "list /proc", "answer 1000", "receive" ... */
  look: (at: string) => void = () => {};
  #lives = 0;
  #lastRunNs = 1;

  readonly clock: Clock = {
    monotonicNs: () => (this.nowNs += 500),
    wallMs: () => 1_700_000_000_000 + (this.nowNs - 1e15) / 1e6,
  };

  readonly cpuClock: CpuClock = {
    processRunNs: (pid) => {
      this.look(`cpu time ${pid}`);
      const process = this.processes.get(pid);
      if (process === undefined) return NaN;
      // Who reads the clock runs.
      if (pid === this.ownPid) this.run(process.main);
      return process.tasks.reduce(
        (sum, { cpuRunNs }) => sum + cpuRunNs,
        process.releasedRunNs,
      );
    },
  };
  /** Of the process that plays iotop. */
  ownPid = 1;
  readonly pids = new FakePids(this.tasks);

  sleep(ms: number): void {
    this.nowNs += ms * 1e6;
  }

  /** A new process of one thread; `tid` as in `FakePids.give`. */
  fork(parentPid: number, tid?: number, isKernelThread = false): FakeTask {
    const id = this.pids.give(tid);
    const process = new FakeProcess(id, 100_000 + this.#lives, parentPid);
    this.processes.set(id, process);
    const main = this.#start(process, id, isKernelThread);
    process.main = main;
    return main;
  }

  /** One more thread; the one that made it has run. */
  clone(process: FakeProcess, tid?: number): FakeTask {
    this.run(process.running[0]!);
    return this.#start(process, this.pids.give(tid), false);
  }

  /** @param isUnaccounted the scheduler's counts follow later, as between two ticks */
  run(task: FakeTask, isUnaccounted = false): void {
    this.nowNs += 1000;
    if (isUnaccounted) {
      task.isUnaccounted = true;
      return;
    }
    task.isUnaccounted = false;
    task.cpuCount++;
    // So unlike each other that no two sums of them are equal by chance.
    this.#lastRunNs = (this.#lastRunNs * 48_271) % 0x7fff_ffff;
    task.cpuRunNs += this.#lastRunNs;
  }

  io(task: FakeTask, did: Partial<FakeCounters>, isUnaccounted = false): void {
    for (const name of FAKE_COUNTERS) task.did[name] += did[name] ?? 0;
    this.run(task, isUnaccounted);
  }

  /** After its exit message, while it gives back its files: seen only by who still asks for it. */
  lateIo(task: FakeTask, did: Partial<FakeCounters>): void {
    this.io(task, did);
    task.hasMemory = false;
    task.hasLateIo = true;
  }

  /** Ends one task, which may not get to the end of it. */
  exit(task: FakeTask, exitCode = 0, halt: Halt = "nowhere"): void {
    const { process } = task;
    this.run(task);
    task.hasEnded = true;
    task.exitCode = exitCode;
    task.endNs = this.nowNs;
    if (process.tasks.length > 1)
      process.endedStats ??= { cpuCount: 0, cpuRunNs: 0 };
    if (process.endedStats !== undefined) {
      process.endedStats.cpuCount += task.cpuCount;
      process.endedStats.cpuRunNs += task.cpuRunNs;
    }
    const send = this.onExit({
      task,
      isLastOfProcess: process.running.length === 0,
      hadThreads: process.endedStats !== undefined,
    });
    task.sendExit = () => {
      task.sendExit = () => {};
      send();
    };
    if (halt === "before its message is sent") return;
    task.sendExit();
    if (halt === "with its memory") return;
    task.hasMemory = false;
    if (halt === "nowhere") this.leave(task);
  }

  /** The last steps of an exit: a main thread stays as a zombie, another thread is gone. */
  leave(task: FakeTask): void {
    task.sendExit();
    task.hasMemory = false;
    if (task.isMain) task.isZombie = true;
    else this.release(task);
  }

  /** Ends every thread, the main one first or last; the main thread stays as a zombie. */
  exitProcess(process: FakeProcess, exitCode = 0, mainFirst = false): void {
    const running = process.running;
    if (!mainFirst) running.reverse();
    for (const task of running) this.exit(task, exitCode);
  }

  /** The tid answers no more and is free. */
  release(task: FakeTask): void {
    const { process } = task;
    task.sendExit();
    process.tasks.splice(process.tasks.indexOf(task), 1);
    process.releasedRunNs += task.cpuRunNs;
    this.tasks.delete(task.tid);
    if (task.isMain) this.processes.delete(process.pid);
  }

  /** The parent waits for a process all of whose threads have ended. */
  reap(process: FakeProcess): void {
    for (const task of process.tasks.slice().reverse()) this.release(task);
  }

  /**
   * The program changes. The other threads end, the main one too; who called takes its tid and start, and its own tid
   * vanishes without a word.
   */
  exec(task: FakeTask): void {
    const { process } = task;
    this.run(task);
    for (const other of process.running.reverse())
      if (other !== task) this.exit(other, 9);
    for (const other of process.tasks.slice())
      if (other !== task && !other.isMain) this.release(other);
    // Waiting for the others takes the scheduler more than the step of `ac_etime`.
    this.nowNs += 20_000;
    if (!task.isMain) {
      const { main } = process;
      main.sendExit();
      this.tasks.delete(task.tid);
      process.tasks.splice(process.tasks.indexOf(main), 1);
      process.releasedRunNs += main.cpuRunNs;
      task.tid = main.tid;
      task.startNs = main.startNs;
      process.main = task;
      this.tasks.set(task.tid, task);
    }
    this.#name(task, `x${++this.#lives}`);
  }

  /** The fingerprint of a process: the scheduler's counts of living threads and of those that ended. */
  fingerprintOf(process: FakeProcess): { cpuCount: number; cpuRunNs: number } {
    const sum = { cpuCount: 0, cpuRunNs: 0, ...process.endedStats };
    for (const task of process.tasks) {
      // One that lingers is in both sums, as in the kernel; a zombie is not.
      if (task.isZombie) continue;
      sum.cpuCount += task.cpuCount;
      sum.cpuRunNs += task.cpuRunNs;
    }
    return sum;
  }

  /** From here on counts what is done: the sampler begins its first scan. */
  beginWatch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    for (const task of this.everyTask)
      if (task.baseline === undefined) this.#untold.add(task);
  }

  /** The sampler was told of this task: what it did by then is known to it. */
  tell(task: FakeTask): void {
    task.isTold = true;
    if (this.#untold.delete(task)) task.baseline = task.shown;
  }

  /** What a task did since the watch began, as far as the kernel ever tells. */
  watchedOf(task: FakeTask): FakeCounters {
    const sum = task.shown;
    // Older than the watch, and neither asked for nor heard of since: nothing of it is ours.
    const base = this.#untold.has(task) ? task.shown : task.baseline;
    if (base !== undefined)
      for (const name of FAKE_COUNTERS) sum[name] -= base[name];
    return sum;
  }

  /** Tasks that were there when the watch began and have not been told of. */
  readonly #untold = new Set<FakeTask>();
  #isWatched = false;

  #start(process: FakeProcess, tid: number, isKernelThread: boolean): FakeTask {
    this.nowNs += 1000;
    const task = new FakeTask({
      tid,
      startNs: this.nowNs,
      comm: "",
      process,
      countsWaits: this.delayAccounting,
      isKernelThread,
    });
    this.#name(task, `t${++this.#lives}`);
    process.tasks.push(task);
    this.tasks.set(tid, task);
    this.everyTask.add(task);
    return task;
  }

  #name(task: FakeTask, comm: string): void {
    task.comm = comm;
    this.taskOfComm.set(comm, task);
  }
}
