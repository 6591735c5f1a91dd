/** The rows of the list in their order, and which part of it is shown. */
import { columnById, sortRows } from "../../src/model/columns.ts";
import type { Sample, TaskDelta } from "../../src/model/sample.ts";
import { isActive, watchedRows } from "../../src/model/view.ts";
import { groupEnded, type Grouped } from "./ended.ts";
import type { ScreenState, Selection } from "./state.ts";

export interface List {
  readonly rows: readonly TaskDelta[];
  /** Before idle and ended ones are left out. */
  readonly watched: number;
  readonly alive: number;
  readonly active: number;
  /** How many ended tasks a row stands for, where it is more than one. */
  readonly endedCounts: Grouped["endedCounts"];
  /** Digits of the longest id. */
  readonly idCells: number;
}

const NO_GROUPS: Grouped["endedCounts"] = new Map();

/** Sorts everything: once a sample, and when the user asks for another order. */
export function listRows(sample: Sample, state: ScreenState): List {
  const { view, ended } = state;
  const watched = watchedRows(sample, view);
  const active: TaskDelta[] = [];
  let alive = 0;
  let maxId = 0;
  for (const row of watched) {
    if (isActive(row, view.accumulated)) active.push(row);
    if (row.exit === null) alive++;
    if (row.task.tid > maxId) maxId = row.task.tid;
  }
  const candidates = view.only ? active : watched;
  const { rows, endedCounts } =
    ended === "grouped" && alive < watched.length
      ? groupEnded(candidates)
      : { rows: candidates, endedCounts: NO_GROUPS };
  const listed =
    ended === "hidden" ? rows.filter((row) => row.exit === null) : rows;
  return {
    rows: sortRows(listed, columnById(state.sort), state.descending, view),
    watched: watched.length,
    alive,
    active: active.length,
    endedCounts,
    idCells: String(maxId).length,
  };
}

/** Whether the list must be made anew. */
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
  // A later life of the pid began after the selected thread did.
  return rows.findIndex(
    ({ task }) => task.pid === selected.pid && task.startMs <= selected.startMs,
  );
}

/** Whether what was selected is not in the sample at all, listed or hidden. */
export function isGone(
  { sample, list }: { readonly sample: Sample; readonly list: List },
  { selected, view: { processes } }: ScreenState,
): boolean {
  const all = processes ? sample.processes : sample.threads;
  return (
    findSelected(list.rows, selected, processes) < 0 &&
    findSelected(all, selected, processes) < 0
  );
}

/** The first row to show, moved no further than needed to fill the window and to keep the selected row in it. */
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
