/** Folds threads into processes. */
import {
  Row,
  addInto,
  addLifetimes,
  isIdle,
  longest,
  unknownDelta,
} from "../delta.ts";
import { namingProcess } from "./process-name.ts";
import type { EndedThreads, Sample, TaskDelta, Unknown } from "../sample.ts";

/** What is known of a process besides its rows, if it goes on in a thread without a row. */
export const withUnseenThread = (
  before: EndedThreads | undefined,
): EndedThreads => ({
  since: before?.since ?? unknownDelta(),
  lifetime: before?.lifetime ?? null,
  count: before?.count ?? 0,
  hasUnseenThread: true,
});

/**
 * One row for each process: the sum of its threads, ended ones included. A process of one thread keeps that thread's
 * row. The main thread names the process. If it has no row, the oldest thread stands in, under its program's name while
 * it lives.
 *
 * @param threads rows of `sample.threads`; pass all those of a process, or its sums are incomplete
 * @param endedThreads those of the same sample
 */
export function foldThreads(
  threads: readonly TaskDelta[],
  endedThreads: Sample["endedThreads"],
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
    const past = endedThreads.get(processKey);
    if (Array.isArray(found)) folded.push(foldProcess(found, past));
    else if (past === undefined && isMain(found)) folded.push(found);
    else folded.push(foldProcess([found], past));
  }
  return folded;
}

function foldProcess(
  rows: readonly TaskDelta[],
  past: EndedThreads | undefined,
): TaskDelta {
  const io = unknownDelta();
  const since = unknownDelta();
  let count = past?.count ?? 0;
  let elapsedNs = 0;
  let idleNs = 0;
  let blockedNs: number | Unknown = null;
  let lifetime = past?.lifetime ?? null;
  let ended = !(past?.hasUnseenThread ?? false);
  let born = count === 0;
  let main: TaskDelta | undefined;
  if (past !== undefined) addInto(since, past.since);
  for (const row of rows) {
    addInto(io, row);
    addInto(since, row.since);
    count += row.count;
    if (isIdle(row)) idleNs = Math.max(idleNs, row.elapsedNs);
    else elapsedNs = Math.max(elapsedNs, row.elapsedNs);
    blockedNs = longest(blockedNs, row.blockedNs);
    lifetime = addLifetimes(lifetime, row.lifetime);
    if (row.exit === null) ended = false;
    if (!row.born) born = false;
    if (isMain(row) && (main === undefined || main.exit !== null)) main = row;
  }
  main ??= rows.reduce((a, b) => (b.task.startMs < a.task.startMs ? b : a));
  return new Row({
    // After a thread has ended, its pid and the command line under it may belong to another program.
    task: main.exit === null ? namingProcess(main.task) : main.task,
    io,
    elapsedNs: elapsedNs || idleNs,
    since,
    count,
    born,
    exit: ended ? main.exit : null,
    blockedNs,
    lifetime,
  });
}

function isMain({ task }: TaskDelta): boolean {
  return task.tid === task.pid;
}
