/** Tasks and processes of a fake Linux. */

import {
  COUNTERS,
  COUNTER_ENTRIES,
  WAITS,
  type Counter,
} from "../../../src/model/counters.ts";

/** Those that taskstats has. */
export type FakeCounter = {
  [C in Counter]: (typeof COUNTER_ENTRIES)[C]["taskstats"] extends null
    ? never
    : C;
}[Counter];
export type FakeCounters = Record<FakeCounter, number>;

export const FAKE_COUNTERS = COUNTERS.filter(
  (counter): counter is FakeCounter =>
    COUNTER_ENTRIES[counter].taskstats !== null,
);

/** What a process shows of itself: the kernel does not add its threads up. */
export const NO_COUNTERS: Readonly<FakeCounters> = noCounters();

export function noCounters(): FakeCounters {
  const counters = {} as FakeCounters;
  for (const counter of FAKE_COUNTERS) counters[counter] = 0;
  return counters;
}

const IS_WAIT = Object.fromEntries(
  FAKE_COUNTERS.map((counter) => [counter, WAITS.includes(counter)]),
) as Readonly<Record<FakeCounter, boolean>>;

/** One task from clone to release, whatever its tid and name are by now. */
export class FakeTask {
  tid: number;
  startNs: number;
  comm: string;
  cpuCount = 0;
  cpuRunNs = 0;
  exitCode = 0;
  /** When its exit message was made up. */
  endNs = NaN;
  /** Its exit message was made up: it is on its way out. */
  hasEnded = false;
  /** Has not given its memory back. */
  hasMemory = true;
  /** Sends the exit message that it has made up; does nothing a second time. */
  sendExit: () => void = () => {};
  /** All is given back but the tid. Only main threads stay like that. */
  isZombie = false;
  /** Ran, but the scheduler has not accounted for it yet. */
  isUnaccounted = false;
  /** Did something after its exit message that no scan can have seen yet. */
  hasLateIo = false;
  /** The sampler has been told of it. */
  isTold = false;
  /** Exact bytes and ns. */
  readonly did = noCounters();
  /** What it showed when the sampler was first told of it; only for tasks older than the watch. */
  baseline: FakeCounters | undefined;
  readonly process: FakeProcess;
  readonly countsWaits: boolean;
  readonly isKernelThread: boolean;

  constructor(init: {
    tid: number;
    startNs: number;
    comm: string;
    process: FakeProcess;
    countsWaits: boolean;
    isKernelThread: boolean;
  }) {
    this.tid = init.tid;
    this.startNs = init.startNs;
    this.comm = init.comm;
    this.process = init.process;
    this.countsWaits = init.countsWaits;
    this.isKernelThread = init.isKernelThread;
  }

  get isMain(): boolean {
    return this.process.main === this;
  }

  /** As the kernel tells: I/O in whole KiB, waits only if they were counted when the task started. */
  get shown(): FakeCounters {
    const shown = noCounters();
    for (const name of FAKE_COUNTERS) {
      if (!IS_WAIT[name])
        shown[name] = Math.floor(this.did[name] / 1024) * 1024;
      else if (this.countsWaits) shown[name] = this.did[name];
    }
    return shown;
  }
}

/** One thread group. Its uid is its own, so that rows of different lives of a pid can be told apart. */
export class FakeProcess {
  readonly pid: number;
  readonly uid: number;
  ppid: number;
  main!: FakeTask;
  /** Listed tasks: zombies and those on their way out too. */
  readonly tasks: FakeTask[] = [];
  /** Scheduler's counts of ended threads, once there has been more than one thread. */
  endedStats: { cpuCount: number; cpuRunNs: number } | undefined;
  /** CPU time of threads that are listed no more. */
  releasedRunNs = 0;

  constructor(pid: number, uid: number, ppid: number) {
    this.pid = pid;
    this.uid = uid;
    this.ppid = ppid;
  }

  get running(): FakeTask[] {
    return this.tasks.filter((task) => !task.hasEnded);
  }
}

/** Where a task that ends is held up: see `leave`. */
export type Halt =
  | "nowhere"
  | "before its message is sent"
  | "with its memory"
  | "with its files";
