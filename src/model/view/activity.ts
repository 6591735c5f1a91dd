/** Which rows did something: the few of a sample that matter to most who look at it. */
import { ACTIVITIES } from "../counters.ts";
import { isIdle } from "../delta.ts";
import type { IoDelta, TaskDelta } from "../sample.ts";
import { compile } from "../unroll.ts";

const hasActivity = compile<(io: IoDelta) => boolean>(
  `(io) => !!(${ACTIVITIES.map((counter) => `io.${counter}`).join(" || ")})`,
);

/**
 * Whether a row did any I/O or waited for it: in the interval, or ever since watching began. A task that is blocked is
 * waiting.
 */
export function isActive(row: TaskDelta, accumulated = false): boolean {
  return hasActivity(accumulated ? row.since : row) || isBlocked(row);
}

/** Whether a row's task is stuck in uninterruptible sleep, and has been for the whole interval. */
export function isBlocked({ blockedNs }: TaskDelta): boolean {
  return blockedNs !== null && blockedNs > 0;
}

/** Several look for them in each sample. */
const known = new WeakMap<readonly TaskDelta[], readonly TaskDelta[]>();

/** Whether its task did something, ended or is stuck. */
export function isRestless(row: TaskDelta): boolean {
  return !isIdle(row) || row.exit !== null || isBlocked(row);
}

/**
 * The rows of tasks that did something, ended or are stuck, in their order. All rows of a sample are gone through once,
 * however many ask, and not at all if they were noted when the rows were made.
 */
export function restlessRows(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  let restless = known.get(rows);
  if (restless === undefined) {
    restless = rows.filter(isRestless);
    known.set(rows, restless);
  }
  return restless;
}

/** For the maker of the rows, which knows the restless ones: exactly those, in their order. */
export function noteRestless(
  rows: readonly TaskDelta[],
  restless: readonly TaskDelta[],
): void {
  known.set(rows, restless);
}
