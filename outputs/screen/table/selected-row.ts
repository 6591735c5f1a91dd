/** The row under the cursor in the list, and in the next one. Pure. */
import {
  endedKey,
  isEndedKey,
  isGroupKey,
  type TaskDelta,
} from "../../../src/model/index.ts";
import { selectionOf, type ScreenState, type Selection } from "../state.ts";
import { endedSums, type List, type Taken } from "./list.ts";

/**
 * Index of the selected row; of the process that the selected thread belongs to, if it has no row; -1 if neither is in
 * the list.
 */
export function findSelected(
  { rows, branches }: Pick<List, "rows" | "branches">,
  selected: Selection | null,
  processes: boolean,
): number {
  if (selected === null) return -1;
  let same = -1;
  let process = -1;
  for (const [index, row] of rows.entries()) {
    const { key, processKey } = row.task;
    if (key === selected.key) {
      // The main thread has the key of its process.
      if (branches.has(row) === selected.isThread) return index;
      if (same < 0) same = index;
    } else if (
      processes &&
      process < 0 &&
      processKey === selected.processKey &&
      !isEndedKey(key)
    )
      process = index;
  }
  return same >= 0 ? same : process;
}

/**
 * The selection for a new sample, whether its row is listed or hidden: the same task, or the group that the task ended
 * in; null if the sample has neither.
 */
export function followSelected(
  taken: Taken & { readonly list: List },
  { selected, view }: Pick<ScreenState, "selected" | "view">,
): Selection | null {
  if (selected === null) return null;
  const { processes } = view;
  const isIn = (rows: readonly TaskDelta[]): boolean =>
    findSelected({ rows, branches: new Map() }, selected, processes) >= 0;
  if (isIn(taken.list.rows)) return selected;
  const sums = endedSums(taken, view)?.groups ?? [];
  if (isIn(sums)) return selected;
  const all = processes ? taken.sample.processes : taken.sample.threads;
  if (isIn(sums.length === 0 ? all : all.filter((row) => row.exit === null)))
    return selected;
  // The same group, once it has done something again.
  if (isGroupKey(selected.key)) return selected;
  const key = endedKey({ uid: selected.uid, comm: selected.name });
  const isGroup = ({ task }: TaskDelta): boolean => task.key === key;
  const group = sums.find(isGroup) ?? taken.list.rows.find(isGroup);
  if (group !== undefined) return selectionOf(group);
  return isIn(all) ? selected : null;
}
