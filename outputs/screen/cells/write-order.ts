/** The order in which the changes of a frame are written. */
import type { Style } from "./theme.ts";

/** Cells of one row that are written in one go. */
export interface Run {
  readonly y: number;
  /** First column, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Style of the first cell. */
  readonly style: Style;
  /** Whether all but the last cell are on the screen already, one column to the right. */
  readonly pulled: boolean;
}

/** Up to so many rows down, a move costs no more than a change of style. */
const MAX_STEP = 3;

/**
 * Row by row. Where that would change the style, first down the column as long as the style is the same: in a table, a
 * column has one style more often than a row.
 */
export function orderWrites(rows: readonly (readonly Run[])[]): readonly Run[] {
  const ordered: Run[] = [];
  const pending = new Set(rows.flat());
  const isPending = (run: Run): boolean => pending.has(run);
  const first = (): Run | undefined => pending.values().next().value;
  let run = first();
  while (run !== undefined) {
    ordered.push(run);
    pending.delete(run);
    const { y, from, style }: Run = run;
    const next: Run | undefined = rows[y]!.find(isPending) ?? first();
    const isBelow = (each: Run): boolean =>
      each.from === from && each.style === style && isPending(each);
    const below: Run | undefined =
      next?.style === style
        ? undefined
        : rows
            .slice(y + 1, y + 1 + MAX_STEP)
            .flatMap((row) => row.find(isBelow) ?? [])[0];
    run = below ?? next;
  }
  return ordered;
}
