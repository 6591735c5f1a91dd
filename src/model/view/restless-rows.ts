/** The few rows of a sample that matter to most who look at it. */
import { isIdle } from "../delta.ts";
import type { TaskDelta } from "../sample.ts";
import { isBlocked } from "./view.ts";

/** Several look for them in each sample. */
const known = new WeakMap<readonly TaskDelta[], readonly TaskDelta[]>();

/**
 * The rows of tasks that did something, ended or are stuck, in their order. All rows of a sample are gone through once,
 * however many ask.
 */
export function restlessRows(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  let restless = known.get(rows);
  if (restless === undefined) {
    restless = rows.filter(
      (row) => !isIdle(row) || row.exit !== null || isBlocked(row),
    );
    known.set(rows, restless);
  }
  return restless;
}
