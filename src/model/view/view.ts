/**
 * What the user wants to see of a sample: the options -o -p -u -P -a and their keys, applied the same way by every
 * table.
 */
import type { FileDelta } from "../files/file-delta.ts";
import type { Sample, TaskDelta, Unknown } from "../sample.ts";
import { isActive, restlessRows } from "./activity.ts";
import type { TaskFilter } from "./task-filter.ts";

/** What the command line selects: `ctx.run.view`. */
export interface View {
  /** -o: hide rows that did nothing (with -a: nothing since iotop began to watch). */
  readonly only: boolean;
  /** -P: one row for each process instead of each thread. */
  readonly processes: boolean;
  /** -a: sums since iotop began to watch, instead of rates. */
  readonly accumulated: boolean;
  /** -A: rates are means since iotop began to watch. Never together with `accumulated`. */
  readonly mean: boolean;
  /** Sums are those of the whole life of each task; only together with `accumulated`. */
  readonly lifetime: boolean;
  /** -p: process or thread ids; empty: all. */
  readonly pids: readonly number[];
  /** -u: user ids; empty: all. */
  readonly uids: readonly number[];
  /**
   * Users by name or id, as -u with --replay and a key of the screen select them; empty: all. Totals take no notice of
   * it.
   */
  readonly users: readonly string[];
  /** Names of tasks, as the kernel has them; empty: all. Totals take no notice of it. */
  readonly names: readonly string[];
  /** --filter: only tasks that it matches; null: all. Totals take no notice of it. */
  readonly filter: TaskFilter | null;
  /** -k: all sizes in KiB. */
  readonly kilobytes: boolean;
  /** --si: K is 1,000 bytes, not 1,024. */
  readonly si: boolean;
  /** -t: a time on every line. */
  readonly timestamp: boolean;
  /** --devices: a line for each disk. */
  readonly devices: boolean;
  /** -q given 0 to 3 times: 1 titles once, 2 no titles, 3 no summary either. */
  readonly quiet: 0 | 1 | 2 | 3;
}

/** The view without any options: all tasks, by thread, as rates. */
export const DEFAULT_VIEW: View = Object.freeze({
  only: false,
  processes: false,
  accumulated: false,
  mean: false,
  lifetime: false,
  pids: Object.freeze([]),
  uids: Object.freeze([]),
  users: Object.freeze([]),
  names: Object.freeze([]),
  filter: null,
  kilobytes: false,
  si: false,
  timestamp: false,
  devices: false,
  quiet: 0,
});

/** Whether a view selects all tasks, so that it also includes what is in no row. */
export function selectsAll(view: View): boolean {
  const { pids, uids, users, names, filter } = view;
  const lists = pids.length + uids.length + users.length + names.length;
  return lists === 0 && filter === null;
}

/** Whether two views select the same tasks. */
export function selectsSame(a: View, b: View): boolean {
  const lists = ["pids", "uids", "users", "names"] as const;
  return (
    a.filter?.text === b.filter?.text &&
    lists.every(
      (list) =>
        a[list].length === b[list].length &&
        a[list].every((each, n) => each === b[list][n]),
    )
  );
}

/**
 * Whether `-p`, `-u` and a filter select a row. An id of `-p` matches the thread itself and every thread of that
 * process.
 */
export function isWatched(
  row: TaskDelta,
  view: Pick<View, "pids" | "uids"> &
    Partial<Pick<View, "users" | "names" | "filter">>,
): boolean {
  const { task } = row;
  const { pids, uids, users = [], names = [], filter = null } = view;
  return (
    (pids.length === 0 || pids.includes(task.tid) || pids.includes(task.pid)) &&
    (uids.length === 0 || uids.includes(task.uid)) &&
    (users.length === 0 ||
      users.includes(task.user) ||
      users.includes(String(task.uid))) &&
    (names.length === 0 || names.includes(task.comm)) &&
    (filter === null || filter.matches(task))
  );
}

/**
 * Rows of threads, or of processes with `-P`, that `-p`, `-u` and a filter select. An id of `-p` and a filter find a
 * process by its threads too. Unsorted.
 */
export function watchedRows(
  sample: Pick<Sample, "threads" | "processes">,
  asked: View,
): readonly TaskDelta[] {
  const rows = asked.processes ? sample.processes : sample.threads;
  if (selectsAll(asked)) return rows;
  const view = asked.processes ? withProcessIds(asked, sample) : asked;
  const { names, filter } = view;
  if (!view.processes || names.length + (filter === null ? 0 : 1) === 0)
    return rows.filter((row) => isWatched(row, view));
  const found = new Set<string>();
  for (const { task } of sample.threads) {
    const isFound =
      (names.length === 0 || names.includes(task.comm)) &&
      (filter === null || filter.matchesName(task));
    if (isFound) found.add(task.processKey);
  }
  const byThread = { ...view, names: [], filter: null };
  return rows.filter((row) =>
    isWatched(row, found.has(row.task.processKey) ? byThread : view),
  );
}

/** Those of a few rows of a sample that `watchedRows` has: only the threads of their processes are compared. */
export function watchedAmong(
  rows: readonly TaskDelta[],
  { threads }: Pick<Sample, "threads">,
  view: View,
): readonly TaskDelta[] {
  if (rows.length === 0 || selectsAll(view)) return rows;
  if (!view.processes)
    return watchedRows({ threads: rows, processes: [] }, view);
  const keys = new Set(rows.map(({ task }) => task.processKey));
  const own = threads.filter(({ task }) => keys.has(task.processKey));
  return watchedRows({ threads: own, processes: rows }, view);
}

/** A view with the ids of the processes of threads that `-p` names. */
function withProcessIds(
  view: View,
  { processes, threads }: Pick<Sample, "threads" | "processes">,
): View {
  const { pids } = view;
  const isProcess = (pid: number) =>
    processes.some(({ task }) => task.pid === pid);
  if (pids.every(isProcess)) return view;
  const found = threads.filter(({ task }) => pids.includes(task.tid));
  return { ...view, pids: [...pids, ...found.map(({ task }) => task.pid)] };
}

/** The watched rows; with `-o` only those that did something. Unsorted. */
export function shownRows(sample: Sample, view: View): readonly TaskDelta[] {
  const { accumulated, only } = view;
  if (!only) return watchedRows(sample, view);
  const rows =
    selectsAll(view) && !accumulated
      ? restlessRows(view.processes ? sample.processes : sample.threads)
      : watchedRows(sample, view);
  return rows.filter((row) => isActive(row, accumulated));
}

/** Rows of the processes that `-p`, `-u` and a filter select; null if files were not asked for. */
export function watchedFiles(
  sample: Sample,
  view: View,
): readonly FileDelta[] | Unknown {
  const { files } = sample;
  if (files === null || selectsAll(view)) return files;
  const rows = watchedRows(sample, view);
  const keys = new Set(rows.map(({ task }) => task.processKey));
  return files.filter(
    ({ processKey }) => processKey !== null && keys.has(processKey),
  );
}
