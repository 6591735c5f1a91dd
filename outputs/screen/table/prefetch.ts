/** Prefetches what rows read on first use, so that no key waits for ten thousand files. */
import type { Column, TaskDelta, View } from "../../../src/model/index.ts";

/** Keys are handled between two slices. */
const SLICE_MS = 8;

/** Reads the sort values of a column until the slice ends. Returns the index to continue from. */
export function prefetch(
  rows: readonly TaskDelta[],
  from: number,
  column: Column,
  view: View,
): number {
  const until = performance.now() + SLICE_MS;
  let at = from;
  while (at < rows.length && performance.now() < until)
    column.sortKey(rows[at++]!, view);
  return at;
}
