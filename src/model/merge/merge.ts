/** Merges two successive samples into one: a slow output gets merged samples instead of a queue. */
import { mergeCgroups } from "../groups/cgroup-delta.ts";
import { createSample } from "../create-sample.ts";
import { COUNTERS } from "../counters.ts";
import { Row, addCounters, addDeltas, isIdle } from "../delta.ts";
import { withUnseenThread } from "../tasks/fold.ts";
import { mergeDevices } from "./merge-devices.ts";
import { mergeFiles } from "./merge-files.ts";
import type {
  EndedThreads,
  Health,
  HostDelta,
  Pressure,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
  Unlisted,
} from "../sample.ts";

/**
 * Merges two successive samples into the one that would have been taken if the first had been skipped. Deltas add up;
 * what describes a moment (time, names, sums since watching began) is taken from `b`. Associative, so that any number
 * of samples can be merged in any grouping.
 */
export function mergeSamples(a: Sample, b: Sample): Sample {
  return createSample({
    recorded: mergeRecorded(a, b),
    seq: b.seq,
    timeMs: b.timeMs,
    uptimeS: b.uptimeS,
    intervalNs: a.intervalNs + b.intervalNs,
    origin: b.origin,
    host: mergeHosts(a.host, a.intervalNs, b.host, b.intervalNs),
    threads: mergeThreads(a, b),
    health: mergeHealth(a.health, b.health),
    unlisted: mergeUnlisted(a.unlisted, b.unlisted),
    endedThreads: mergeEndedThreads(a.endedThreads, b.endedThreads),
    files: mergeFiles(a.files, b.files),
    cgroups: mergeCgroups(a.cgroups, b.cgroups),
  });
}

function mergeRecorded(a: Sample, b: Sample): Sample | null {
  if (a.recorded === null && b.recorded === null) return null;
  return mergeSamples(a.recorded ?? a, b.recorded ?? b);
}

/** The host's part of a merge of intervals of `aNs` and `bNs`. */
export function mergeHosts(
  a: HostDelta,
  aNs: number,
  b: HostDelta,
  bNs: number,
): HostDelta {
  return {
    ...addDeltas(a, b),
    since: b.since,
    tasks: b.tasks,
    diskReadBytes: addCounters(a.diskReadBytes, b.diskReadBytes),
    diskWriteBytes: addCounters(a.diskWriteBytes, b.diskWriteBytes),
    pressure: mergePressure(a.pressure, aNs, b.pressure, bNs),
    devices: mergeDevices(a.devices, b.devices),
    hasSwap: b.hasSwap,
  };
}

/** Shares of time, weighted by the lengths of the intervals. A share that was not observed cannot be estimated. */
function mergePressure(
  a: Pressure | Unknown,
  aNs: number,
  b: Pressure | Unknown,
  bNs: number,
): Pressure | Unknown {
  if (a === null || b === null) return null;
  const share = aNs + bNs > 0 ? aNs / (aNs + bNs) : 0;
  return {
    someRatio: a.someRatio * share + b.someRatio * (1 - share),
    fullRatio: a.fullRatio * share + b.fullRatio * (1 - share),
  };
}

/**
 * The health of two samples together. Tasks that may not be read are the same in both; everything else counts events.
 */
export function mergeHealth(a: Health, b: Health): Health {
  return {
    denied:
      a.denied === null || b.denied === null
        ? null
        : Math.max(a.denied, b.denied),
    vanished: a.vanished + b.vanished,
    lostExits: a.lostExits + b.lostExits,
    exitEvents: a.exitEvents && b.exitEvents,
    scanNs: a.scanNs + b.scanNs,
  };
}

function mergeUnlisted(a: Unlisted, b: Unlisted): Unlisted {
  return { tasks: b.tasks, io: addDeltas(a.io, b.io) };
}

/**
 * Threads that ended in `a` have rows in the merged sample; only those that ended earlier need a background. `b` says
 * which processes go on.
 */
function mergeEndedThreads(
  a: Sample["endedThreads"],
  b: Sample["endedThreads"],
): Sample["endedThreads"] {
  const merged = new Map<string, EndedThreads>();
  for (const [key, past] of a)
    if (past.count > 0) merged.set(key, { ...past, hasUnseenThread: false });
  for (const [key, { hasUnseenThread }] of b)
    if (hasUnseenThread) merged.set(key, withUnseenThread(merged.get(key)));
  return merged;
}

/** One row for each life: those of `b`, then those of `a` alone, which ended in it or were not recorded again. */
function mergeThreads(a: Sample, b: Sample): TaskDelta[] {
  const earlier = new Map<string, TaskDelta>();
  const others: TaskDelta[] = [];
  for (const row of a.threads) {
    const { key } = row.task;
    // Keys are unique, except in a faulty recording.
    const isOnly = !earlier.has(key);
    if (isOnly) earlier.set(key, row);
    else others.push(row);
  }
  const before = b.threads.map((row) => takeSameLife(earlier, row));
  for (const at of findSuccessors(b.threads, before))
    before[at] = takePredecessor(earlier, b.threads[at]!);
  const threads = b.threads.map((row, at) => {
    const first = before[at];
    return first === undefined
      ? extendRow(row, a.intervalNs)
      : mergeRows(first, a.intervalNs, row, b.intervalNs);
  });
  for (const row of [...earlier.values(), ...others])
    threads.push(extendRow(row, b.intervalNs));
  return threads;
}

/**
 * A row that was born in between, or that lives although the earlier one had ended, is a different task, even if a
 * recording gives both the same key. A recording does not say whether a task that ended was born in the interval, which
 * is guessed from its start: it goes on if its sums do.
 */
function takeSameLife(
  earlier: Map<string, TaskDelta>,
  row: TaskDelta,
): TaskDelta | undefined {
  const { key } = row.task;
  const before = earlier.get(key);
  if (before === undefined || (before.exit !== null && row.exit === null))
    return undefined;
  if (row.born && !(row.exit !== null && goesOn(before, row))) return undefined;
  earlier.delete(key);
  return before;
}

/** Whether the sums of a row are those of an earlier one of a living task, and what it did since. */
function goesOn(before: TaskDelta, row: TaskDelta): boolean {
  if (before.exit !== null) return false;
  const sums = addDeltas(before.since, row);
  return COUNTERS.every(
    (counter) =>
      sums[counter] === null ||
      row.since[counter] === null ||
      sums[counter] === row.since[counter],
  );
}

/**
 * Finds main threads that were other threads before an execve. For each process it is the newest: the other rows are
 * about the exit of ended ones.
 *
 * @param before for each row, the row of the same life in the sample before
 * @returns their indices among the rows
 */
function findSuccessors(
  rows: readonly TaskDelta[],
  before: readonly (TaskDelta | undefined)[],
): Iterable<number> {
  const newest = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    if (before[at] !== undefined || row.born) continue;
    const rank = successionOf(row.task);
    if (rank === 0) continue;
    const { processKey } = row.task;
    const other = newest.get(processKey);
    if (other === undefined || rank > successionOf(rows[other]!.task))
      newest.set(processKey, at);
  }
  return newest.values();
}

/** How many main threads the process had before this one, from the key; 0 if it is the first. */
function successionOf({ key }: TaskInfo): number {
  return Number(/\+(\d+)$/.exec(key)?.[1] ?? 0);
}

/**
 * Every task that ends has a row with its exit. So a thread that has no row under its own tid, and had not ended, goes
 * on under this one.
 */
function takePredecessor(
  earlier: Map<string, TaskDelta>,
  { task }: TaskDelta,
): TaskDelta | undefined {
  for (const [key, row] of earlier) {
    const isOther = row.task.processKey !== task.processKey;
    if (isOther || row.exit !== null) continue;
    earlier.delete(key);
    return row;
  }
  return undefined;
}

function mergeRows(
  a: TaskDelta,
  aNs: number,
  b: TaskDelta,
  bNs: number,
): TaskDelta {
  const idle = isIdle(a) && isIdle(b);
  if (idle && a.born === b.born && a.exit === null) return b;
  return new Row({
    task: b.task,
    io: addDeltas(a, b),
    elapsedNs: idle ? b.elapsedNs : elapsedIn(a, aNs) + elapsedIn(b, bNs),
    // After a row with an exit, the next row's sums cover only what came after that exit.
    since: a.exit === null ? b.since : addDeltas(a.since, b.since),
    count: b.count,
    born: a.born,
    exit: b.exit ?? a.exit,
    blockedNs: b.blockedNs,
    lifetime: b.lifetime ?? a.lifetime,
  });
}

/** Makes the row of a task that came or went cover the whole interval. */
function extendRow(row: TaskDelta, otherNs: number): TaskDelta {
  if (isIdle(row)) return row;
  return new Row({
    task: row.task,
    io: row,
    elapsedNs: row.elapsedNs + otherNs,
    since: row.since,
    count: row.count,
    born: row.born,
    exit: row.exit,
    blockedNs: row.blockedNs,
    lifetime: row.lifetime,
  });
}

/** An idle row is kept from sample to sample, so its own elapsed time may be that of an older sample. */
function elapsedIn(row: TaskDelta, intervalNs: number): number {
  return isIdle(row) ? intervalNs : row.elapsedNs;
}
