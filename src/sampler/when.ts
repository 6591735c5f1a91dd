/** When something was read, and what that tells of when a task began. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";

/** `ac_etime` is cut to whole µs. */
const AGE_STEP_NS = 1000;

/** When something was read: the kernel took the counters between these two, monotonic ns. */
export interface When {
  readonly beforeNs: number;
  readonly afterNs: number;
}

/** A task's start, as one reading knows it, lies between these two. */
export const startLowNs = (r: TaskstatsRecord, when: When): number =>
  when.beforeNs - r.elapsedUs * 1000 - AGE_STEP_NS;
export const startHighNs = (r: TaskstatsRecord, when: When): number =>
  when.afterNs - r.elapsedUs * 1000;
