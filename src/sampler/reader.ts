/** What fills the table with the counters of tasks, wherever it reads them. */
import type { Clock } from "../kernel/clock.ts";
import type { Procfs } from "../kernel/procfs.ts";
import { COUNTER_ENTRIES } from "../model/counters.ts";
import { zeroDelta } from "../model/delta.ts";
import type { IoDelta } from "../model/sample.ts";
import type { IdleProcesses } from "./idle-processes.ts";
import type { Lives } from "./lives.ts";
import type { TaskTracker } from "./tracker.ts";

/** What the sampler and its readers share. */
export interface SamplerParts {
  readonly procfs: Procfs;
  readonly clock: Clock;
  readonly lives: Lives;
  readonly tracker: TaskTracker;
  readonly idle: IdleProcesses;
}

/** Fills the table with the counters of all tasks. Two implementations: taskstats and /proc. */
export interface CounterReader extends Disposable {
  readonly name: "taskstats" | "procfs";
  /** The kernel can count waits, if kernel.task_delayacct says so. */
  readonly countsDelays: boolean;
  /** The kernel reports every task that ends. */
  readonly exitEvents: boolean;
  /** Tasks that the latest scan was not allowed to read. */
  readonly denied: number;
  /** Of some processes not even the tasks are shown, or they are not listed: these are not among the denied ones. */
  readonly hidesTasks: boolean;
  /** Overflows of the exit message buffer, since this was last asked. */
  takeLostExits(): number;
  /**
   * Reads all tasks. Yields now and then, so that the caller may let other work in; to be run to its end.
   *
   * @throws SysError, NetlinkError
   */
  scan(): Generator<void, void, void>;
  /**
   * Takes the exit messages that are waiting.
   *
   * @returns how many there were
   * @throws SysError
   */
  drainExits(): number;
}

/** What a task does that does nothing: zero of all that the reader can know, and that the kernel counts. */
export function idleDeltaOf(
  source: CounterReader["name"],
  delaysCounted: boolean,
): IoDelta {
  return zeroDelta((counter) => {
    const { taskstats, procIo, unit } = COUNTER_ENTRIES[counter];
    const isDelay = unit === "ns";
    if (isDelay && !delaysCounted) return false;
    if (source === "taskstats") return taskstats !== null;
    // One delay is in /proc/PID/stat.
    return isDelay ? counter === "ioWaitNs" : procIo !== null;
  });
}
