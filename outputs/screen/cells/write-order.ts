/** The order in which the changes of a frame are written. */
import type { Style } from "./theme.ts";

/** Cells of one row that are written in one go. */
export interface Run {
  readonly y: number;
  /** First column, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Of the first cell that shows one, and of all that do where glyphs have a sure width. */
  readonly style: Style;
  /** Whether all but the last cell are on the screen already, one column to the right. */
  readonly pulled: boolean;
}

/**
 * Style by style, from that of the terminal on, because a change of style costs more than a move; each row by row. Any
 * order shows the same: what is pulled is longer than what is written again on the way from one run to the next.
 */
export function orderWrites(
  runs: readonly Run[],
  style: Style,
): readonly Run[] {
  const byStyle = Map.groupBy(runs, (run) => run.style);
  const styles = new Set([style, ...byStyle.keys()]);
  return [...styles].flatMap((each) => byStyle.get(each) ?? []);
}
