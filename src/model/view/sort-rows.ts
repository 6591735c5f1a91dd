/** Rows in the order of a column. */
import { idOf, type ColumnEntry, type SortKey } from "../columns/column.ts";
import type { TaskDelta } from "../sample.ts";
import type { View } from "./view.ts";

/** A new array of rows, in the order of one column; equal rows by ascending id, whatever the direction. */
export function sortRows(
  rows: readonly TaskDelta[],
  by: ColumnEntry,
  descending: boolean,
  view: View,
): TaskDelta[] {
  const sign = descending ? -1 : 1;
  const keyed: { readonly row: TaskDelta; readonly key: SortKey }[] = [];
  // Nearly all rows of a busy machine: they need no comparison by key.
  const resting: TaskDelta[] = [];
  for (const row of rows) {
    const key = by.sortKey(row, view);
    if (key === 0) resting.push(row);
    else keyed.push({ row, key });
  }
  keyed.sort(
    (a, b) =>
      sign * compareKeys(a.key, b.key) || idOf(a.row, view) - idOf(b.row, view),
  );
  if (!areInOrder(resting, view))
    resting.sort((a, b) => idOf(a, view) - idOf(b, view));
  const moving = keyed.map(({ row }) => row);
  return descending ? moving.concat(resting) : resting.concat(moving);
}

/** They usually are, and looking costs a tenth of sorting. */
function areInOrder(rows: readonly TaskDelta[], view: View): boolean {
  for (let i = 1; i < rows.length; i++)
    if (idOf(rows[i - 1]!, view) > idOf(rows[i]!, view)) return false;
  return true;
}

function compareKeys(a: SortKey, b: SortKey): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
