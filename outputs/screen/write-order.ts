/** In which order the changes of a frame are written. */
import type { Style } from "./theme.ts";

/** Cells of one row that are written in one go. */
export interface Run {
  readonly y: number;
  /** First column, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Of the first cell. */
  readonly style: Style;
  /** All but the last cell are there already, one column to the right. */
  readonly pulled: boolean;
}

/** So many rows further down, a step still costs no more than a change of style. */
const MAX_STEP = 3;

/**
 * Row by row; but where that would change the style, first down the column as long as the style is the same. In a
 * table, a column has its style more often than a row has.
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
