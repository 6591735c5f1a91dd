/** The I/O of each active task in the last samples, for the graphs in the rows. */
import {
  SCREEN_CHOICES,
  endedKey,
  grossBytes,
  hadEnded,
  isEndedKey,
  netWriteBytes,
  perSecond,
  percentOf,
  type IoDelta,
  type Sample,
  type ScreenSettings,
  type TaskDelta,
} from "../../../src/model/index.ts";
import { scaleOf } from "./graph.ts";

export const GRAPH_SOURCES = SCREEN_CHOICES.graphSource;
export type GraphSource = ScreenSettings["graphSource"];

export const SOURCE_TITLES: Readonly<Record<GraphSource, string>> = {
  rw: "R+W",
  io: "IO",
  read: "R",
  write: "W",
  swapin: "SW",
};

/** One number for each source: bytes per second, or percent. */
type Activity = Readonly<Record<GraphSource, number>>;

/** The active tasks of one sample; a task that is not included did nothing. */
export interface Moment {
  readonly timeMs: number;
  readonly threads: ReadonlyMap<string, Activity>;
  /** By the key of the process. */
  readonly processes: ReadonlyMap<string, Activity>;
  /** Tasks that ended, by the key of their group. */
  readonly ended: ReadonlyMap<string, Activity>;
}

/** Oldest first. */
export type RowHistory = readonly Moment[];

/** Two samples in each cell of a graph with sixty cells. */
const MAX_MOMENTS = 120;
/** If more tasks than this are active at once, only those that moved most have graphs. */
const MAX_TASKS = 1000;

export function appendMoment(history: RowHistory, sample: Sample): RowHistory {
  return [...history.slice(1 - MAX_MOMENTS), momentOf(sample)];
}

function momentOf({ timeMs, threads: rows }: Sample): Moment {
  const threads = new Map<string, Activity>();
  const processes = new Map<string, Activity>();
  const ended = new Map<string, Activity>();
  for (const row of busiest(rows)) {
    const activity = activityOf(row, row.elapsedNs);
    threads.set(row.task.key, activity);
    accumulate(processes, row.task.processKey, activity);
    if (row.exit !== null) accumulate(ended, endedKey(row.task), activity);
  }
  return { timeMs, threads, processes, ended };
}

function accumulate(
  sums: Map<string, Activity>,
  key: string,
  activity: Activity,
): void {
  const sum = sums.get(key);
  sums.set(key, sum === undefined ? activity : add(sum, activity));
}

function busiest(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  const active = rows.filter(
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

function add(a: Activity, b: Activity): Activity {
  return {
    rw: a.rw + b.rw,
    io: a.io + b.io,
    read: a.read + b.read,
    write: a.write + b.write,
    swapin: a.swapin + b.swapin,
  };
}

/** The last values of one row, oldest first: unknown from before the task began, and zeros after its end. */
export function rowSeries(
  history: RowHistory,
  row: TaskDelta,
  processes: boolean,
  source: GraphSource,
  samples: number,
): readonly (number | null)[] {
  const { key, processKey, startMs } = row.task;
  const isGroup = isEndedKey(key);
  const series: (number | null)[] = [];
  for (
    let at = Math.max(0, history.length - samples);
    at < history.length;
    at++
  ) {
    const moment = history[at]!;
    const activity = isGroup
      ? moment.ended.get(key)
      : processes
        ? moment.processes.get(processKey)
        : moment.threads.get(key);
    // Before it began, the task did not exist; it was not idle.
    const isBefore = !isGroup && moment.timeMs < startMs;
    const isAfter = hadEnded(row, moment.timeMs);
    series.push(isBefore ? null : isAfter ? 0 : (activity?.[source] ?? 0));
  }
  return series;
}

/**
 * The value at full height for the graphs of all rows shown: all of the time for waits, the largest value for bytes.
 */
export function commonScale(
  all: readonly (readonly (number | null)[])[],
  source: GraphSource,
): number {
  const isShare = source === "io" || source === "swapin";
  return isShare
    ? 100
    : all.reduce((scale, series) => scaleOf(series, scale), 1024);
}
