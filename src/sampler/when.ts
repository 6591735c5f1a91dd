/** When something was read, and what that tells of when a task began. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";

/** `ac_etime` is cut to whole µs. */
export const AGE_STEP_NS = 1000;

/**
 * A task first fills its exit message in, and then sends it (taskstats_exit of kernel/taskstats.c): in between it may have
 * to wait for a CPU. Tens of µs were seen; on a machine with too much to do it may be a second.
 */
export const EXIT_LAG_NS = 1e9;

/** When something was read: the kernel sent it between these two, monotonic ns. */
export interface When {
  readonly beforeNs: number;
  readonly afterNs: number;
  /** It may have taken the counters so long before; 0 unless told. */
  readonly lagNs?: number;
}

/** A task's start, as one reading knows it, lies between these two. */
export const startLowNs = (r: TaskstatsRecord, when: When): number =>
  when.beforeNs - (when.lagNs ?? 0) - r.elapsedUs * 1000 - AGE_STEP_NS;
export const startHighNs = (r: TaskstatsRecord, when: When): number =>
  when.afterNs - r.elapsedUs * 1000;
/** The middle of what is most likely: for a label. */
export const startAboutNs = (r: TaskstatsRecord, when: When): number =>
  (when.beforeNs + when.afterNs) / 2 - r.elapsedUs * 1000;
