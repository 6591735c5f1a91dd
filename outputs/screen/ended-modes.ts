/** What the list does with tasks that ended. */
import {
  groupEnded,
  type EndedRows,
  type TaskDelta,
} from "../../src/model/index.ts";

/**
 * With rates they are those that ended in the interval. With sums, all that ended since watching began and did I/O: then
 * "each" lists those of the interval one by one, and those before them by group.
 */
export const ENDED_MODES = ["grouped", "each", "hidden"] as const;
export type EndedMode = (typeof ENDED_MODES)[number];

/** @param timeMs of the sample, Unix ms */
export function arrangeEnded(
  rows: readonly TaskDelta[],
  mode: EndedMode,
  timeMs: number,
): readonly TaskDelta[] {
  if (mode === "each") return rows;
  return mode === "grouped"
    ? groupEnded(rows, timeMs)
    : rows.filter((row) => row.exit === null);
}

export function arrangeSums(
  { groups, earlier, latest }: EndedRows,
  mode: EndedMode,
): readonly TaskDelta[] {
  if (mode === "each") return earlier.concat(latest);
  return mode === "grouped" ? groups : [];
}
