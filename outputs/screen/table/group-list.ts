/** The list when rows are groups of tasks. Pure. */
import {
  coversWatch,
  groupRows,
  isActive,
  rowsOf,
  sumsModeOf,
  watchedRows,
  type GroupSince,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import type { ShownKind } from "../groups.ts";

/** What groups have done, as of one sample. */
export interface GroupedPast {
  sums(kind: ShownKind): GroupSince;
}

/** The parts of a taken sample that make its groups. */
interface Grouped {
  readonly sample: Sample;
  readonly groups: GroupedPast;
  readonly history: { readonly watchedNs: number };
}

/** One row for each group that the view asks for; they add up to what its processes did. Unsorted. */
export function listGroups(
  { sample, groups, history }: Grouped,
  view: View,
  kind: ShownKind,
): readonly TaskDelta[] {
  const processes = { ...view, processes: true };
  // Groups that did nothing are not looked for: it would take a file of each process.
  const rows = watchedRows(sample, processes).filter(
    (row) => !view.only || isActive(row, coversWatch(view)),
  );
  const isWhole =
    view.pids.length + view.uids.length === 0 && view.filter === null;
  const made = groupRows(
    rows,
    kind,
    isWhole && coversWatch(view) && !view.lifetime ? groups.sums(kind) : null,
    isWhole ? sample.unlisted.io : undefined,
  ).map(rowsOf(sumsModeOf(view), history.watchedNs));
  return view.only
    ? made.filter((row) => isActive(row, view.accumulated))
    : made;
}
