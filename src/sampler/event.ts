/** What is heard about a tid, and what it shows of when its task began. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";

/** `ac_etime` is cut to whole µs. */
const AGE_STEP_NS = 1000;

/**
 * A task first fills its exit message in, and then sends it (taskstats_exit of kernel/taskstats.c): in between it may have
 * to wait for a CPU. Tens of µs were seen; on a machine with too much to do it may be a second.
 */
export const EXIT_LAG_NS = 1e9;

/** When a record was made: the kernel sent it between these two, monotonic ns. */
export interface ReadWindow {
  readonly beforeNs: number;
  readonly afterNs: number;
  /** It may have taken the counters so long before; 0 unless given. */
  readonly lagNs?: number;
}

/**
 * `answer`, `exit`: as they come. From the journal: `alive`, `dying`, an answer to a second question, of a task that had
 * not begun to end before it, or had; `ended`, an exit message; `gone`, no answer any more.
 */
export const KINDS = [
  "answer",
  "exit",
  "alive",
  "dying",
  "ended",
  "gone",
] as const;
export type EventKind = (typeof KINDS)[number];

export interface Event {
  readonly kind: EventKind;
  readonly tid: number;
  readonly pid: number;
  readonly record: TaskstatsRecord;
  readonly window: ReadWindow;
}

/** A start lies between these two, for a task of that age. */
export const startLowNs = (
  { beforeNs, lagNs = 0 }: ReadWindow,
  ageUs: number,
): number => beforeNs - lagNs - ageUs * 1000 - AGE_STEP_NS;
export const startHighNs = ({ afterNs }: ReadWindow, ageUs: number): number =>
  afterNs - ageUs * 1000;
/** The middle of what is most likely: for a label. */
export const startAboutNs = (
  { beforeNs, afterNs }: ReadWindow,
  ageUs: number,
): number => (beforeNs + afterNs) / 2 - ageUs * 1000;
