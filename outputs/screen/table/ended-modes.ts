/** How the list shows ended tasks. */
import {
  SCREEN_CHOICES,
  groupEnded,
  type EndedRows,
  type ScreenSettings,
  type TaskDelta,
} from "../../../src/model/index.ts";

/**
 * With rates the list can show the tasks that ended in the interval. With sums it can show all that did I/O and ended
 * since watching began: then "each" lists those of the interval one by one, and earlier ones by group.
 */
export const ENDED_MODES = SCREEN_CHOICES.ended;
export type EndedMode = ScreenSettings["ended"];

/** @param timeMs time of the sample, Unix ms */
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
