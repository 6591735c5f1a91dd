/** The I/O of each active task in the last samples, for the graphs in the rows. */
import {
  GROUP_KINDS,
  SCREEN_CHOICES,
  endedKey,
  grossBytes,
  hadEnded,
  groupKeyOf,
  isEndedKey,
  isGroupKey,
  netWriteBytes,
  perSecond,
  percentOf,
  restlessRows,
  type IoDelta,
  type Sample,
  type ScreenSettings,
  type TaskDelta,
  type TaskInfo,
} from "../../../src/model/index.ts";
import {
  Activities,
  ActivityColumns,
  addActivities,
  hashOf,
  type Activity,
} from "./activities.ts";
import { RATE_SCALE, WAIT_SCALE, type Scale } from "./graph.ts";

export const GRAPH_SOURCES = SCREEN_CHOICES.graphSource;
export type GraphSource = ScreenSettings["graphSource"];

export const SOURCE_TITLES: Readonly<Record<GraphSource, string>> = {
  rw: "R+W",
  io: "IO",
  read: "R",
  write: "W",
  swapin: "SW",
};

/** The active tasks of one sample; a task that is not included did nothing. */
export interface Moment {
  readonly timeMs: number;
  readonly intervalNs: number;
  readonly threads: Activities;
  /** By the key of the process. */
  readonly processes: Activities;
  /** Tasks that ended, by the key of their group. */
  readonly ended: Activities;
  /** By the key of the group: groups of every kind. Made on first use. */
  readonly groups: Activities;
  /** Keys of tasks and processes that began and ended in the interval: only their group goes on. */
  readonly brief: ReadonlySet<string>;
}

/** Oldest first. */
export type RowHistory = readonly Moment[];

/** Two samples in each cell of a graph with sixty cells. */
export const MAX_MOMENTS = 120;
/** If more tasks than this are active at once, only those that moved most have graphs. */
const MAX_TASKS = 1000;

export function appendMoment(history: RowHistory, sample: Sample): RowHistory {
  return [...history.slice(1 - MAX_MOMENTS), momentOf(sample)];
}

export function momentOf(sample: Sample): Moment {
  const { timeMs, intervalNs, threads: rows } = sample;
  const threads = new Map<string, Activity>();
  const processes = new Map<string, Activity>();
  const ended = new Map<string, Activity>();
  const brief = new Set<string>();
  for (const row of busiest(rows)) {
    const activity = activityOf(row, row.elapsedNs);
    threads.set(row.task.key, activity);
    accumulate(processes, row.task.processKey, activity);
    if (row.exit === null) continue;
    accumulate(ended, endedKey(row.task), activity);
    if (!row.born) continue;
    brief.add(row.task.key);
    if (row.task.tid === row.task.pid) brief.add(row.task.processKey);
  }
  const moved = busiest(sample.processes);
  const tasks = moved.map(({ task }) => task);
  const columns = new ActivityColumns(
    moved.map((row) => activityOf(row, row.elapsedNs)),
  );
  let groups: Activities | undefined;
  return {
    timeMs,
    intervalNs,
    threads: new Activities(threads),
    processes: new Activities(processes),
    ended: new Activities(ended),
    brief,
    get groups() {
      return (groups ??= groupActivities(tasks, columns));
    },
  };
}

function groupActivities(
  tasks: readonly TaskInfo[],
  columns: ActivityColumns,
): Activities {
  const groups = new Map<string, Activity>();
  tasks.forEach((task, at) => {
    const activity = columns.at(at);
    for (const kind of GROUP_KINDS)
      accumulate(groups, groupKeyOf(task, kind), activity);
  });
  return new Activities(groups);
}

function accumulate(
  sums: Map<string, Activity>,
  key: string,
  activity: Activity,
): void {
  const sum = sums.get(key);
  sums.set(key, sum === undefined ? activity : addActivities(sum, activity));
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

/**
 * The last values of one row, oldest first: unknown from before the task began, and zeros after its end. The row of a
 * task that ended goes on with what others of its name did that ended: a loop is one story.
 *
 * @param isAlone whether the others have rows of their own
 */
export function rowSeries(
  history: RowHistory,
  row: TaskDelta,
  processes: boolean,
  source: GraphSource,
  samples: number,
  isAlone = false,
): readonly (number | null)[] {
  const { key, processKey, startMs } = row.task;
  const kind = kindOfRow(key, processes);
  const isTask = kind === "processes" || kind === "threads";
  const own = kind === "processes" ? processKey : key;
  const ownHash = hashOf(own);
  const group = row.exit === null || isAlone ? null : endedKey(row.task);
  const groupHash = hashOf(group ?? "");
  const series: (number | null)[] = [];
  const from = Math.max(0, history.length - samples);
  for (let at = from; at < history.length; at++) {
    const moment = history[at]!;
    const value = hadEnded(row, moment.timeMs)
      ? undefined
      : moment[kind].amountOf(own, ownHash, source);
    const others =
      group === null
        ? undefined
        : moment.ended.amountOf(group, groupHash, source);
    // Before it began, the task did not exist; it was not idle.
    const isBefore = isTask && moment.timeMs < startMs;
    series.push(value ?? others ?? (isBefore ? null : 0));
  }
  return series;
}

/** Which activities of a moment those of a row are. */
function kindOfRow(
  key: string,
  processes: boolean,
): "groups" | "ended" | "processes" | "threads" {
  if (isGroupKey(key)) return "groups";
  if (isEndedKey(key)) return "ended";
  return processes ? "processes" : "threads";
}

/** Never that of the values at hand: rows, and minutes, can be compared. */
export function scaleOfSource(source: GraphSource): Scale {
  return source === "io" || source === "swapin" ? WAIT_SCALE : RATE_SCALE;
}
