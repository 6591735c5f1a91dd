/** What tasks did in one sample, as the screen remembers it. Pure. */
import {
  endedKey,
  grossBytes,
  netWriteBytes,
  perSecond,
  percentOf,
  restlessRows,
  type IoDelta,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";
import { Activities, accumulate, type Activity } from "./activities.ts";
import { GroupActivities } from "./group-activities.ts";

interface ByTask {
  readonly threads: Activities;
  /** By the key of the process. */
  readonly processes: Activities;
}

/** The active tasks of one sample; a task that is not included did nothing. */
export interface Moment extends ByTask {
  readonly timeMs: number;
  readonly intervalNs: number;
  /** Tasks that ended, by the key of their group. */
  readonly ended: Activities;
  readonly groups: GroupActivities;
  /**
   * Tasks and processes that began and ended in the interval, which are not among the others: only their group goes on.
   * Null once another sample has come.
   */
  readonly brief: ByTask | null;
}

/** Oldest first. */
export type RowHistory = readonly Moment[];

/** Two samples in each cell of a graph with sixty cells. */
export const MAX_MOMENTS = 120;
/** If more tasks than this are active at once, only those that moved most have graphs. */
const MAX_TASKS = 1000;

export function appendMoment(history: RowHistory, sample: Sample): RowHistory {
  const before = history.slice(1 - MAX_MOMENTS);
  const newest = before.at(-1);
  if (newest !== undefined && newest.brief !== null)
    before[before.length - 1] = { ...newest, brief: null };
  before.push(momentOf(sample));
  return before;
}

export function momentOf(sample: Sample): Moment {
  const { timeMs, intervalNs, threads: rows } = sample;
  const threads = new Map<string, Activity>();
  const processes = new Map<string, Activity>();
  const ended = new Map<string, Activity>();
  const briefThreads = new Map<string, Activity>();
  const briefProcesses = new Map<string, Activity>();
  for (const row of busiest(rows)) {
    const { key, processKey, tid, pid } = row.task;
    const activity = activityOf(row, row.elapsedNs);
    const isBrief = row.born && row.exit !== null;
    (isBrief ? briefThreads : threads).set(key, activity);
    accumulate(processes, processKey, activity);
    if (row.exit !== null) accumulate(ended, endedKey(row.task), activity);
    if (isBrief && tid === pid) briefProcesses.set(processKey, activity);
  }
  for (const key of briefProcesses.keys()) {
    briefProcesses.set(key, processes.get(key)!);
    processes.delete(key);
  }
  const moved = busiest(sample.processes);
  const amounts = moved.map((row) => activityOf(row, row.elapsedNs));
  return {
    timeMs,
    intervalNs,
    threads: new Activities(threads),
    processes: new Activities(processes),
    ended: new Activities(ended),
    groups: new GroupActivities(moved, amounts),
    brief:
      briefThreads.size === 0
        ? null
        : {
            threads: new Activities(briefThreads),
            processes: new Activities(briefProcesses),
          },
  };
}

function busiest(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  const active = restlessRows(rows).filter(
    (row) => row.readBytes || row.writeBytes || row.ioWaitNs || row.swapWaitNs,
  );
  if (active.length <= MAX_TASKS) return active;
  return active
    .sort((a, b) => grossBytes(b) - grossBytes(a))
    .slice(0, MAX_TASKS);
}

function activityOf(io: IoDelta, elapsedNs: number): Activity {
  const read = perSecond(io.readBytes, elapsedNs) ?? 0;
  const write = perSecond(netWriteBytes(io), elapsedNs) ?? 0;
  return {
    rw: read + write,
    io: percentOf(io.ioWaitNs, elapsedNs) ?? 0,
    read,
    write,
    swapin: percentOf(io.swapWaitNs, elapsedNs) ?? 0,
  };
}
