import type { IoDelta } from "../model/sample.ts";

/** Fills the table with the counters of all tasks. Two implementations: taskstats and /proc. */
export interface CounterReader extends Disposable {
  readonly name: "taskstats" | "procfs";
  /** The kernel can count waits, if kernel.task_delayacct says so. */
  readonly countsWaits: boolean;
  /** The kernel tells us of every task that ends. */
  readonly exitEvents: boolean;
  /** Tasks that the latest scan was not allowed to read. */
  readonly denied: number;
  /** Of some processes not even the tasks are shown, or they are not listed: these are not among the denied ones. */
  readonly hidesTasks: boolean;
  /** Overflows of the exit message buffer, since this was last set to 0. */
  lostExits: number;
  /** What this reader can know, all zero: the delta of a task that does nothing. */
  nothing(delayAccounting: boolean): IoDelta;
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
