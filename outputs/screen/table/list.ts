/** The rows of the list in order, and which part of it is shown. */
import {
  columnById,
  endedKey,
  isActive,
  isEndedKey,
  sortRows,
  taskCountOf,
  watchedRows,
  type EndedRows,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import { arrangeEnded, arrangeSums } from "./ended-modes.ts";
import { selectionOf, type ScreenState, type Selection } from "../state.ts";

/** A sample, and the tasks that had ended by then. */
export interface Taken {
  readonly sample: Sample;
  readonly ended: Readonly<Record<"threads" | "processes", EndedRows>>;
}

export interface List {
  readonly rows: readonly TaskDelta[];
  /** The number before idle and ended rows are left out. */
  readonly watched: number;
  /** What that would be without `view.filter`. */
  readonly unfiltered: number;
  /** That of the view. */
  readonly filter: View["filter"];
  readonly alive: number;
  /** With rates, including those that ended in the interval. */
  readonly active: number;
  /** With sums, how many tasks that had done I/O have ended. */
  readonly ended: number;
  /** Digits of the longest id. */
  readonly idCells: number;
}

/** Sorts everything: once for each sample, and when the user chooses another order. */
export function listRows(taken: Taken, state: ScreenState): List {
  const { sample } = taken;
  const { view } = state;
  const ended = endedSums(taken, view);
  const watched = watchedRows(sample, view);
  const active: TaskDelta[] = [];
  let alive = 0;
  let maxId = 0;
  for (const row of watched) {
    if (row.exit === null) alive++;
    // It is included in the sums.
    else if (ended !== null) continue;
    if (isActive(row, view.accumulated)) active.push(row);
    if (row.task.tid > maxId) maxId = row.task.tid;
  }
  let endedCount = 0;
  for (const row of ended?.groups ?? []) {
    endedCount += taskCountOf(row);
    if (row.task.tid > maxId) maxId = row.task.tid;
  }
  const candidates = view.only ? active : watched;
  const mode = ended === null ? state.ended : "hidden";
  const arranged =
    alive < watched.length
      ? arrangeEnded(candidates, mode, sample.timeMs)
      : candidates;
  const sums = ended === null ? [] : arrangeSums(ended, state.ended);
  const rows = sums.length === 0 ? arranged : arranged.concat(sums);
  return {
    rows: sortRows(
      rows,
      columnById(state.sort === "graph" ? "io" : state.sort),
      state.descending,
      view,
    ),
    watched: watched.length + (ended?.groups.length ?? 0),
    unfiltered: countUnfiltered(taken, view),
    filter: view.filter,
    alive,
    active: active.length,
    ended: endedCount,
    idCells: String(maxId).length,
  };
}

function countUnfiltered(taken: Taken, view: View): number {
  const all = view.filter === null ? view : { ...view, filter: null };
  const groups = endedSums(taken, all)?.groups.length ?? 0;
  return watchedRows(taken.sample, all).length + groups;
}

/** With sums, the I/O of ended tasks stays in the list. */
function endedSums({ ended }: Taken, view: View): EndedRows | null {
  if (!view.accumulated) return null;
  const sums = view.processes ? ended.processes : ended.threads;
  const { filter } = view;
  if (filter === null) return sums;
  const isMatch = ({ task }: TaskDelta): boolean => filter.matches(task);
  return {
    groups: sums.groups.filter(isMatch),
    earlier: sums.earlier.filter(isMatch),
    latest: sums.latest.filter(isMatch),
  };
}

/** Whether the list must be rebuilt. */
export function listDiffers(a: ScreenState, b: ScreenState): boolean {
  return (
    a.view !== b.view ||
    a.sort !== b.sort ||
    a.descending !== b.descending ||
    a.ended !== b.ended
  );
}

/** Index of the selected row, or of the process that the selected thread belongs to; -1 if it is not in the list. */
export function findSelected(
  rows: readonly TaskDelta[],
  selected: Selection | null,
  processes: boolean,
): number {
  if (selected === null) return -1;
  const index = rows.findIndex(({ task }) => task.key === selected.key);
  if (index >= 0 || !processes) return index;
  return rows.findIndex(
    ({ task }) =>
      task.processKey === selected.processKey && !isEndedKey(task.key),
  );
}

/**
 * The selection for a new sample, whether its row is listed or hidden: the same task, or with sums the group that the
 * task ended in; null if the sample has neither.
 */
export function followSelected(
  taken: Taken & { readonly list: List },
  { selected, view }: Pick<ScreenState, "selected" | "view">,
): Selection | null {
  if (selected === null) return null;
  const { processes } = view;
  const isIn = (rows: readonly TaskDelta[]): boolean =>
    findSelected(rows, selected, processes) >= 0;
  if (isIn(taken.list.rows)) return selected;
  const sums = endedSums(taken, view)?.groups ?? [];
  if (isIn(sums)) return selected;
  const all = processes ? taken.sample.processes : taken.sample.threads;
  if (isIn(sums.length === 0 ? all : all.filter((row) => row.exit === null)))
    return selected;
  const key = endedKey({ uid: selected.uid, comm: selected.name });
  const group = sums.find(({ task }) => task.key === key);
  if (group !== undefined) return selectionOf(group);
  return isIn(all) ? selected : null;
}

/** The first row to show. It moves no further than needed to fill the window and to keep the selected row in it. */
export function scrollTo(
  top: number,
  selectedIndex: number,
  rowCount: number,
  bodyRows: number,
): number {
  const last = Math.max(0, rowCount - bodyRows);
  const within = Math.max(0, Math.min(top, last));
  if (selectedIndex < 0) return within;
  if (selectedIndex < within) return selectedIndex;
  return Math.max(within, selectedIndex - bodyRows + 1);
}
