/** Prefetches what rows read on first use, so that no key waits for ten thousand files. */
import {
  columnById,
  groupKindOf,
  isActive,
  isOfCgroups,
  watchedRows,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";

/** Keys are handled between two slices. */
const SLICE_MS = 8;

/** Rows of which something must be read before they can be listed. */
export interface SlowRead {
  readonly rows: readonly TaskDelta[];
  read(row: TaskDelta): void;
}

/** In the order in which they have to be done. */
export function* slowReads(
  sample: Sample,
  { view, sort, groupBy }: Pick<ScreenState, "view" | "sort" | "groupBy">,
): Iterable<SlowRead> {
  const { filter } = view;
  if (filter !== null)
    yield {
      rows: watchedRows(sample, { ...view, filter: null }),
      read: ({ task }) => void filter.matches(task),
    };
  // Commands and users are known without a file of each task.
  if (isOfCgroups(groupKindOf(groupBy)))
    yield {
      rows: watchedRows(sample, { ...view, processes: true }).filter(
        (row) => !view.only || isActive(row, view.accumulated),
      ),
      read: ({ task }) => void task.cgroup,
    };
  const column = sort === "graph" ? null : columnById(sort);
  if (column?.reads === "proc")
    yield {
      rows: watchedRows(sample, view),
      read: (row) => void column.sortKey(row, view),
    };
}

/** Reads rows until the slice ends. Returns the index to continue from. */
export function prefetch({ rows, read }: SlowRead, from: number): number {
  const until = performance.now() + SLICE_MS;
  let at = from;
  while (at < rows.length && performance.now() < until) read(rows[at++]!);
  return at;
}

/** Reads all of them. Yields where the next slice may wait. */
export function* prefetchAll(
  slow: Iterable<SlowRead>,
): Generator<void, void, void> {
  for (const each of slow)
    for (let at = prefetch(each, 0); at < each.rows.length;) {
      yield;
      at = prefetch(each, at);
    }
}
