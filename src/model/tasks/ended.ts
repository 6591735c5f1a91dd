/** Rows for ended tasks: a shell loop makes hundreds of them, which would push all other rows off the screen. */
import {
  Row,
  addInto,
  addLifetimes,
  unknownDelta,
  zeroDelta,
  type RowInit,
} from "../delta.ts";
import { UNKNOWN } from "../text/format.ts";
import type { GroupDisk } from "../groups/cgroup-delta.ts";
import type { Exit, TaskDelta, TaskInfo } from "../sample.ts";

interface ManyInit extends RowInit {
  readonly taskCount: number;
}

interface EndedInit extends Omit<ManyInit, "blockedNs"> {
  readonly endedMs: number;
}

/** A row that may stand for several tasks. */
export class ManyRow extends Row {
  /** How many tasks; not threads, in a row for processes. */
  readonly taskCount: number;
  /** What the kernel counted for a group of cgroups; null if it is not known. Set by whoever makes the row. */
  disk: GroupDisk | null = null;

  constructor(init: ManyInit) {
    super(init);
    this.taskCount = init.taskCount;
  }
}

/** The I/O of ended tasks that have user and name in common; or of a single one, in samples after its end. */
export class EndedRow extends ManyRow {
  /** Time of the sample in which the last of them ended, Unix ms. */
  readonly endedMs: number;

  constructor(init: EndedInit) {
    super({ ...init, blockedNs: 0 });
    this.endedMs = init.endedMs;
  }
}

/** How many tasks a row stands for; 1 if it is the row of a single task. */
export function taskCountOf(row: TaskDelta): number {
  return row instanceof ManyRow ? row.taskCount : 1;
}

/** Whether a row stands for several tasks: then it has only what they have in common. */
export function standsForMany(row: TaskDelta): boolean {
  if (row instanceof EndedRow) return row.taskCount > 1;
  return row instanceof ManyRow;
}

/** The words of an output for how tasks end. */
export interface EndWords {
  many(tasks: number): string;
  killed(signal: number): string;
  /** @param code "?" if it is unknown how the task ended */
  failed(code: number | typeof UNKNOWN): string;
  readonly done: string;
}

/** How a task ended, or how many did, in the words of an output; empty for a running task. */
export function describeEnd(row: TaskDelta, words: EndWords): string {
  if (row.exit === null) return "";
  const tasks = taskCountOf(row);
  if (tasks > 1) return words.many(tasks);
  const { code, signal } = row.exit;
  if (signal !== null && signal !== 0) return words.killed(signal);
  return code === 0 ? words.done : words.failed(code ?? UNKNOWN);
}

/** Whether all tasks of a row had ended by a sample before this time, Unix ms. */
export function hadEnded(row: TaskDelta, timeMs: number): boolean {
  return row instanceof EndedRow && row.endedMs < timeMs;
}

const KEY_PREFIX = "ended.";

/**
 * Key of the row of all ended tasks of one user and name. No task has such a key, because keys of tasks begin with a
 * number.
 */
export function endedKey({
  uid,
  comm,
}: Pick<TaskInfo, "uid" | "comm">): string {
  return `${KEY_PREFIX}${uid}.${comm}`;
}

/** Whether a key belongs to a row of several ended tasks. */
export function isEndedKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX);
}

/**
 * Folds the ended tasks of one user and name into one row, after the living ones. It is their sum, so no figure is
 * lost.
 */
export function groupEnded(
  rows: readonly TaskDelta[],
  timeMs: number,
): readonly TaskDelta[] {
  const ended = rows.filter((row) => row.exit !== null);
  if (ended.length === 0) return rows;
  const alive = rows.filter((row) => row.exit === null);
  for (const group of byGroup(ended).values())
    alive.push(group.length === 1 ? group[0]! : sumEnded(group, { timeMs }));
  return alive;
}

/** Ended tasks by the key of their group. */
export function byGroup(
  ended: readonly TaskDelta[],
): ReadonlyMap<string, readonly TaskDelta[]> {
  const groups = new Map<string, TaskDelta[]>();
  for (const row of ended) {
    const key = endedKey(row.task);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

export interface Ending {
  /** Time of the sample in which the tasks ended, Unix ms. */
  readonly timeMs: number;
  /** The row of the tasks that ended before. */
  readonly before?: TaskDelta | undefined;
  /** Whether a task is included already: then the row is about the I/O of its exit. */
  readonly isKnown?: (task: TaskInfo) => boolean;
}

/** The sum of a group: for the interval, over these rows; since watching began, also over the rows before. */
export function sumEnded(
  rows: readonly TaskDelta[],
  { timeMs, before, isKnown = () => false }: Ending,
): TaskDelta {
  const io = unknownDelta();
  const since = unknownDelta();
  let lifetime = before?.lifetime ?? null;
  let elapsedNs = 0;
  let count = 0;
  let taskCount = 0;
  if (before !== undefined) {
    addInto(since, before.since);
    count = before.count;
    taskCount = taskCountOf(before);
  }
  for (const row of rows) {
    addInto(io, row);
    addInto(since, row.since);
    elapsedNs = Math.max(elapsedNs, row.elapsedNs);
    const wasIncluded = before !== undefined && isKnown(row.task);
    lifetime = addLifetimes(lifetime, wasIncluded ? row.since : row.lifetime);
    if (wasIncluded) continue;
    count += row.count;
    taskCount += taskCountOf(row);
  }
  const { task, exit } = before ?? rows[0]!;
  return new EndedRow({
    task: taskCount === 1 ? task : nameOnly(task, endedKey(task)),
    io,
    elapsedNs,
    since,
    lifetime,
    count,
    born: before === undefined && rows.every(({ born }) => born),
    exit,
    taskCount,
    endedMs: timeMs,
  });
}

/** Of a task that lives no longer, and of a row about no single task: nothing is looked up. */
const UNREAD = {
  cmdline: null,
  longName: null,
  ioPriority: null,
  cgroup: null,
  cgroupInherited: false,
  state: null,
} as const satisfies Partial<TaskInfo>;

/** Names a row that is about no task of a user: no user has its id, and no task its key. */
export const madeUpTask = (key: string, comm: string): TaskInfo => ({
  ...UNREAD,
  ...{ key, processKey: key, comm },
  ...{ tid: 0, pid: 0, ppid: 0, startMs: 0 },
  ...{ uid: -1, user: "-", isKernelThread: false },
});

/** What ended tasks have in common. */
function nameOnly(task: TaskInfo, key: string): TaskInfo {
  const { tid, pid, processKey, ppid, startMs, comm, uid, isKernelThread } =
    task;
  return {
    ...UNREAD,
    key,
    tid,
    pid,
    processKey,
    ppid,
    startMs,
    comm,
    uid,
    isKernelThread,
    get user() {
      return task.user;
    },
  };
}

/** How it ended is not known. */
export const UNHEARD: Exit = { code: null, signal: null };

/**
 * The row of an ended task, or of a group of them, in later samples: nothing happens any more. What was unknown stays
 * unknown.
 *
 * @param endedMs time of the sample in which the last of them ended, Unix ms
 */
export function endedAtRest(row: TaskDelta, endedMs: number): TaskDelta {
  const io = zeroDelta((counter) => row[counter] !== null);
  const { task, elapsedNs, since, lifetime, count, exit } = row;
  return new EndedRow({
    // A thread's arguments are read from its process id, which another process may have by then.
    task: task.tid === task.pid ? task : nameOnly(task, task.key),
    io,
    elapsedNs,
    since,
    lifetime,
    count,
    born: false,
    exit: exit ?? UNHEARD,
    taskCount: taskCountOf(row),
    endedMs,
  });
}
