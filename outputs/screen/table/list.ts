/** The rows of the list in order. Pure. */
import {
  coversWatch,
  groupKindOf,
  isActive,
  isBlocked,
  isWatched,
  listGroups,
  remakeEnded,
  remakeRows,
  rowsOf,
  selectsAll,
  selectsSame,
  sumsModeOf,
  taskCountOf,
  watchedRows,
  type EndedRows,
  type GroupKind,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import type { History } from "../graphs/history.ts";
import { isLately } from "../graphs/standing.ts";
import { arrangeEnded, arrangeSums } from "./ended-modes.ts";
import type { GroupedPast, Grouping } from "../groups.ts";
import type { Ended } from "./ended-tasks.ts";
import { earlierEnds, type KeptEnd } from "./kept-ends.ts";
import { rowOrder } from "./order.ts";
import type { ScreenState } from "../state.ts";
import { plantThreads, type Branch } from "./tree.ts";

/** Tasks that a view selects, found as it finds its living ones. */
interface Chosen {
  readonly view: View;
  readonly ended: Ended;
  readonly groups: GroupedPast;
}

/** A sample, the tasks that had ended by then, and what was before. */
export interface Taken {
  readonly sample: Sample;
  readonly ended: Ended;
  /** The same of the tasks that the list selects, if it does not select all. */
  readonly chosen: Chosen | null;
  readonly history: Pick<History, "recent" | "watchedNs">;
  readonly groups: GroupedPast;
}

export interface List {
  readonly rows: readonly TaskDelta[];
  /** The rows that are threads below their processes. */
  readonly branches: ReadonlyMap<TaskDelta, Branch>;
  /** With rates, the rows of tasks that ended in earlier samples, and how long ago, ns. */
  readonly agoNs: ReadonlyMap<TaskDelta, number>;
  /** The number before idle and ended rows are left out. */
  readonly watched: number;
  /** What that would be without `view.filter` and what else narrows the view. */
  readonly unfiltered: number;
  /** That it was made for. */
  readonly view: View;
  readonly groupBy: Grouping;
  readonly alive: number;
  /** Of those alive. */
  readonly active: number;
  /** Tasks that ended in the interval; with sums, all that had done I/O and have ended. */
  readonly ended: number;
  /** Tasks that are stuck in state D. */
  readonly blocked: number;
  /** Digits of the longest id. */
  readonly idCells: number;
  /** Whether the time spent waiting is known of any task. */
  readonly hasWaits: boolean;
  readonly hasSwapWaits: boolean;
}

/** Sorts everything: once for each sample, and when the user chooses another order. */
export function listRows(asTaken: Taken, state: ScreenState): List {
  const { view } = state;
  const taken = inMode(asTaken, view);
  const { sample } = taken;
  const watched = watchedRows(sample, view);
  const counts = countRows(watched, view);
  const kind = groupKindOf(state.groupBy);
  const { rows, agoNs, ended, others } =
    kind === null
      ? withEnded(taken, watched, state)
      : { ...NO_ENDED, rows: groupsOf(asTaken, view, kind) };
  const { recent } = taken.history;
  const ordered = rowOrder(state, recent)(rows);
  const byThread = { ...state, view: { ...view, processes: false } };
  const tree =
    state.mode === "tree" && kind === null
      ? plantThreads(
          ordered,
          { sample, view, recent },
          state.maxThreads,
          rowOrder(byThread, recent),
        )
      : { rows: ordered, branches: NO_BRANCHES };
  return {
    ...tree,
    agoNs,
    watched: watched.length + others,
    unfiltered: countUnfiltered(taken, view),
    view,
    groupBy: state.groupBy,
    alive: counts.alive,
    active: counts.active,
    ended: ended ?? watched.length - counts.alive,
    blocked: counts.blocked,
    idCells: String(maxId(watched, rows)).length,
    hasWaits: counts.hasWaits,
    hasSwapWaits: counts.hasSwapWaits,
  };
}

function groupsOf(
  taken: Taken,
  view: View,
  kind: GroupKind,
): readonly TaskDelta[] {
  const { sample, groups, chosen } = taken;
  const { watchedNs } = taken.history;
  const init = { view, kind, watchedNs };
  if (!coversWatch(view)) return listGroups(sample, { ...init, past: null });
  if (selectsAll(view))
    return listGroups(sample, { ...init, past: groups.sums(kind) });
  if (chosen !== null && selectsSame(chosen.view, view))
    return listGroups(sample, { ...init, past: chosen.groups.sums(kind) });
  // What another view selects of ended tasks is known by user and name.
  const ended = endedSums(taken, { ...view, processes: true })?.earlier ?? [];
  return listGroups(sample, { ...init, past: null, ended });
}

/** The same with rows that tell what the view asks for. */
function inMode(taken: Taken, view: View): Taken {
  const mode = sumsModeOf(view);
  if (mode === "rates" || mode === "sums") return taken;
  const { sample, ended, chosen, history } = taken;
  const make = rowsOf(mode, history.watchedNs);
  const remake = ({ sums, lately }: Ended): Ended => ({
    sums: {
      threads: remakeEnded(sums.threads, make),
      processes: remakeEnded(sums.processes, make),
    },
    lately,
  });
  return {
    ...taken,
    sample: remakeRows(sample, make),
    ended: remake(ended),
    chosen: chosen && { ...chosen, ended: remake(chosen.ended) },
  };
}

const NO_ENDED = { agoNs: new Map(), ended: null, others: 0 } as const;
const NO_BRANCHES: List["branches"] = new Map();
const NO_AGES: List["agoNs"] = new Map();

function countRows(watched: readonly TaskDelta[], { accumulated }: View) {
  let [alive, active, blocked] = [0, 0, 0];
  let [hasWaits, hasSwapWaits] = [false, false];
  for (const row of watched) {
    hasWaits ||= row.ioWaitNs !== null || isBlocked(row);
    hasSwapWaits ||= row.swapWaitNs !== null;
    if (row.exit !== null) continue;
    alive++;
    if (isBlocked(row)) blocked++;
    if (isActive(row, accumulated)) active++;
  }
  return { alive, active, blocked, hasWaits, hasSwapWaits };
}

interface Arranged {
  readonly rows: readonly TaskDelta[];
  readonly agoNs: List["agoNs"];
  /** With sums, how many tasks that had done I/O have ended. */
  readonly ended: number | null;
  /** Rows that are not among the watched ones. */
  readonly others: number;
}

/** The rows to list: with those of ended tasks, as the user wants to see them. */
function withEnded(
  taken: Taken,
  watched: readonly TaskDelta[],
  state: ScreenState,
): Arranged {
  const { view } = state;
  const { timeMs } = taken.sample;
  const wanted = view.only
    ? watched.filter(
        (row) => isActive(row, view.accumulated) || wasActive(row, taken, view),
      )
    : watched;
  const sums = endedSums(taken, view);
  if (sums !== null) {
    // Their sums include what they did in the interval.
    const alive = wanted.filter((row) => row.exit === null);
    const ended = sums.groups.reduce((sum, row) => sum + taskCountOf(row), 0);
    const rows = alive.concat(arrangeSums(sums, state.ended));
    return { rows, agoNs: NO_AGES, ended, others: sums.groups.length };
  }
  const arranged = arrangeEnded(wanted, state.ended, timeMs);
  const reachNs = state.graphSamples * taken.sample.intervalNs;
  const kept =
    state.ended === "hidden" ? [] : endedLately(taken, view, reachNs);
  const ends = kept.map(({ row }) => row);
  if (ends.length === 0)
    return { rows: arranged, agoNs: NO_AGES, ended: null, others: 0 };
  const agoNs = new Map(kept.map(({ row, agoNs }) => [row, agoNs]));
  const rows = arranged.concat(ends);
  return { rows, agoNs, ended: null, others: 0 };
}

/** With rates, a task that pauses for a moment is not hidden at once: its row would come and go. */
function wasActive(
  { exit, task }: TaskDelta,
  { history }: Taken,
  { accumulated, processes }: View,
): boolean {
  if (accumulated || exit !== null) return false;
  const { recent } = history;
  return isLately(
    processes
      ? recent.processes.get(task.processKey)
      : recent.threads.get(task.key),
  );
}

function maxId(...lists: readonly (readonly TaskDelta[])[]): number {
  let max = 0;
  for (const rows of lists)
    for (const { task } of rows) if (task.tid > max) max = task.tid;
  return max;
}

function countUnfiltered(taken: Taken, view: View): number {
  const all = withoutFilters(view);
  const groups = endedSums(taken, all)?.groups.length ?? 0;
  return watchedRows(taken.sample, all).length + groups;
}

/** All tasks of the machine. */
function withoutFilters(view: View): View {
  return { ...view, pids: [], uids: [], users: [], names: [], filter: null };
}

/** With sums, the I/O of ended tasks stays in the list. */
export function endedSums(taken: Taken, view: View): EndedRows | null {
  if (!coversWatch(view)) return null;
  const { ended, isMatch } = endedOf(taken, view);
  const sums = ended.sums[kindOf(view)];
  return {
    groups: sums.groups.filter(isMatch),
    earlier: sums.earlier.filter(isMatch),
    latest: sums.latest.filter(isMatch),
  };
}

/** With rates, their rows stay for a while. */
function endedLately(
  taken: Taken,
  view: View,
  reachNs: number,
): readonly KeptEnd[] {
  const { ended, isMatch } = endedOf(taken, view);
  return earlierEnds(ended.lately[kindOf(view)], reachNs).filter(({ row }) =>
    isMatch(row),
  );
}

const kindOf = ({ processes }: View) => (processes ? "processes" : "threads");

/** Until the first sample that was taken with this view, it is only known of ended tasks what their rows say. */
function endedOf({ ended, chosen }: Taken, view: View) {
  return chosen !== null && selectsSame(chosen.view, view)
    ? { ended: chosen.ended, isMatch: () => true }
    : { ended, isMatch: (row: TaskDelta) => isWatched(row, view) };
}

/** Whether the list must be rebuilt. */
export function listDiffers(a: ScreenState, b: ScreenState): boolean {
  return (
    a.view !== b.view ||
    a.mode !== b.mode ||
    a.sort !== b.sort ||
    a.graphSource !== b.graphSource ||
    a.descending !== b.descending ||
    a.ended !== b.ended ||
    a.groupBy !== b.groupBy
  );
}
