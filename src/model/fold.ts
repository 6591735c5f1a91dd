/** Threads to processes. */
import { Row, addInto, isIdle, unknownDelta } from "./delta.ts";
import { namingProcess } from "./process-name.ts";
import type { IoDelta, TaskDelta } from "./sample.ts";

/** What is known of a process beside the rows of a sample. */
export interface Background {
  /**
   * What threads that ended before the sample had done since watching began: the part of a process's `since` that no
   * row carries any more.
   */
  readonly since: IoDelta;
  /** How many they are. */
  readonly count: number;
  /** All threads that the sample shows have ended, but another one lives that nobody has read yet. */
  readonly goesOn: boolean;
}

/** By the key of the process; of those of which anything is known. */
export type Backgrounds = ReadonlyMap<string, Background>;

/** The same of a process that goes on. */
export const goingOn = (before: Background | undefined): Background => ({
  since: before?.since ?? unknownDelta(),
  count: before?.count ?? 0,
  goesOn: true,
});

/**
 * One row a process: the sum of its threads, the ended ones included. A process of one thread keeps that thread's
 * row. The main thread names the process; if no row is the main thread's, the oldest thread does, by its program while it lives.
 */
export function foldThreads(
  threads: readonly TaskDelta[],
  backgrounds: Backgrounds,
): readonly TaskDelta[] {
  const byProcess = new Map<string, TaskDelta | TaskDelta[]>();
  for (const row of threads) {
    const { processKey } = row.task;
    const found = byProcess.get(processKey);
    if (found === undefined) byProcess.set(processKey, row);
    else if (Array.isArray(found)) found.push(row);
    else byProcess.set(processKey, [found, row]);
  }
  const folded: TaskDelta[] = [];
  for (const [processKey, found] of byProcess) {
    const background = backgrounds.get(processKey);
    if (Array.isArray(found)) folded.push(foldProcess(found, background));
    else if (background === undefined && isMain(found)) folded.push(found);
    else folded.push(foldProcess([found], background));
  }
  return folded;
}

function foldProcess(
  rows: readonly TaskDelta[],
  background: Background | undefined,
): TaskDelta {
  const io = unknownDelta();
  const since = unknownDelta();
  let count = background?.count ?? 0;
  let elapsedNs = 0;
  let idleNs = 0;
  let ended = !(background?.goesOn ?? false);
  let born = count === 0;
  let main: TaskDelta | undefined;
  if (background !== undefined) addInto(since, background.since);
  for (const row of rows) {
    addInto(io, row);
    addInto(since, row.since);
    count += row.count;
    if (isIdle(row)) idleNs = Math.max(idleNs, row.elapsedNs);
    else elapsedNs = Math.max(elapsedNs, row.elapsedNs);
    if (row.exit === null) ended = false;
    if (!row.born) born = false;
    if (isMain(row) && (main === undefined || main.exit !== null)) main = row;
  }
  main ??= rows.reduce((a, b) => (b.task.startMs < a.task.startMs ? b : a));
  return new Row({
    // The pid of a thread that has ended may be another program's by now, and so may the command line under it.
    task: main.exit === null ? namingProcess(main.task) : main.task,
    io,
    elapsedNs: elapsedNs || idleNs,
    since,
    count,
    born,
    exit: ended ? main.exit : null,
  });
}

function isMain({ task }: TaskDelta): boolean {
  return task.tid === task.pid;
}
