/** Threads to processes. */
import { Row, addInto, isIdle, unknownDelta } from "./delta.ts";
import type { IoDelta, TaskDelta } from "./sample.ts";

/**
 * What the ended threads of a process had done since watching began, by pid, as of one sample: the part of a
 * process's `since` that no row of the sample carries any more. Threads that end in the sample itself are not in it.
 */
export type RetiredThreads = ReadonlyMap<
  number,
  { readonly since: IoDelta; readonly count: number }
>;

/**
 * One row a process: the sum of its threads, the ended ones included. A process of one thread keeps that thread's
 * row. The main thread names the process; if no row is the main thread's, the oldest thread does.
 */
export function foldThreads(
  threads: readonly TaskDelta[],
  retired: RetiredThreads,
): readonly TaskDelta[] {
  const byPid = new Map<number, TaskDelta | TaskDelta[]>();
  for (const row of threads) {
    const { pid } = row.task;
    const found = byPid.get(pid);
    if (found === undefined) byPid.set(pid, row);
    else if (Array.isArray(found)) found.push(row);
    else byPid.set(pid, [found, row]);
  }
  const folded: TaskDelta[] = [];
  for (const [pid, group] of byPid) {
    const past = retired.get(pid);
    if (!Array.isArray(group)) {
      folded.push(past === undefined ? group : foldProcess([group], past));
    } else {
      // Whose threads ended before this sample was there before it: the first life.
      for (const [n, life] of splitLives(group).entries())
        folded.push(foldProcess(life, n === 0 ? past : undefined));
    }
  }
  return folded;
}

/**
 * A pid that was used twice in one interval is two processes: every main thread that ended with its process
 * starts another. Threads go to the latest main thread that started no later than they did; those that are older than
 * every main thread are of a process whose main thread had ended before. Main threads with the same
 * start are of one process, in which another thread called execve and took the place of the first.
 */
function splitLives(group: readonly TaskDelta[]): readonly TaskDelta[][] {
  const mains = group.filter((row) => row.task.tid === row.task.pid);
  const starts = [...new Set(mains.map((row) => row.task.startMs))].sort(
    (a, b) => a - b,
  );
  const lives = starts.map((startMs) =>
    mains.filter((row) => row.task.startMs === startMs),
  );
  const first = lives[0] ?? [];
  const isNew = first.length > 0 && first.every((row) => row.born);
  const older = group.filter((row) => isNew && isOlder(row, starts[0]!));
  if (older.length > 0) lives.unshift(older);
  if (lives.length < 2) return [group as TaskDelta[]];
  for (const row of group) {
    if (row.task.tid === row.task.pid || older.includes(row)) continue;
    const home =
      lives.findLast((life) => life[0]!.task.startMs <= row.task.startMs) ??
      lives[0]!;
    home.push(row);
  }
  return lives;
}

/** Of a process that ended in this interval, before the one whose main thread began then: its own had ended earlier. */
function isOlder(row: TaskDelta, startMs: number): boolean {
  return !row.born && row.task.startMs < startMs;
}

function foldProcess(
  rows: readonly TaskDelta[],
  past: { readonly since: IoDelta; readonly count: number } | undefined,
): TaskDelta {
  const io = unknownDelta();
  const since = unknownDelta();
  let count = past?.count ?? 0;
  let elapsedNs = 0;
  let idleNs = 0;
  let ended = true;
  let born = past === undefined;
  let main: TaskDelta | undefined;
  if (past !== undefined) addInto(since, past.since);
  for (const row of rows) {
    addInto(io, row);
    addInto(since, row.since);
    count += row.count;
    if (isIdle(row)) idleNs = Math.max(idleNs, row.elapsedNs);
    else elapsedNs = Math.max(elapsedNs, row.elapsedNs);
    if (row.exit === null) ended = false;
    if (!row.born) born = false;
    const isMain = row.task.tid === row.task.pid;
    if (isMain && (main === undefined || main.exit !== null)) main = row;
  }
  main ??= rows.reduce((a, b) => (b.task.startMs < a.task.startMs ? b : a));
  return new Row({
    task: main.task,
    io,
    elapsedNs: elapsedNs || idleNs,
    since,
    count,
    born,
    exit: ended ? main.exit : null,
  });
}
