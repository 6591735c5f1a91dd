/** Columns that the screen shows on request, as entries of the one registry in columns.ts. */
import {
  bytes,
  calls,
  share,
  size,
  taskstats,
  type ColumnEntry,
} from "./column.ts";
import { NO_GROUP, containerOf, unitOf } from "../groups/cgroup-names.ts";
import { netBytes, netWriteBytes, perSecond } from "../delta.ts";
import { shortContainerId } from "../groups/container-ids.ts";
import { ManyRow } from "../tasks/ended.ts";
import { UNKNOWN } from "../text/format.ts";
import type { Counter } from "../counters.ts";
import type { IoDelta, TaskDelta, TaskInfo, Unknown } from "../sample.ts";
import { coversWatch } from "../sums/sums.ts";
import { isBlocked } from "../view/activity.ts";
import { type View } from "../view/view.ts";

const ON_REQUEST = { shownBy: Object.freeze([]), key: null } as const;

/** Bytes or calls in the interval, by time, or their sum since watching began. */
const counted =
  (amount: (io: IoDelta) => number | Unknown) =>
  (row: TaskDelta, view: View): number | Unknown =>
    view.accumulated
      ? amount(row.since)
      : perSecond(amount(row), row.elapsedNs);

const of = (counter: Counter) => counted((io) => io[counter]);

/** What a group moved from and to disks, by time. Its sum since watching began is not kept. */
function diskRate(key: "fromDiskBytes" | "toDiskBytes") {
  return (row: TaskDelta, view: View): number | Unknown => {
    const disk = row instanceof ManyRow ? row.disk : null;
    if (disk === null || coversWatch(view)) return null;
    return perSecond(disk[key], disk.elapsedNs);
  };
}

/** State of a task, by the letters of ps(1): what the sample says of it counts, because it may have changed since. */
function stateOf(row: TaskDelta): string {
  if (row.exit !== null) return "x";
  if (isBlocked(row)) return "D";
  return row.task.state ?? UNKNOWN;
}

/** Text from the path of a task's cgroup. */
const fromCgroup = (nameOf: (cgroup: string) => string) =>
  ({
    kind: "text",
    align: "left",
    descending: false,
    reads: "proc",
    ofGroup: false,
    cell: ({ task }, _view, format) => format.text(named(task, nameOf)),
    sortKey: ({ task }) => named(task, nameOf),
    source: "/proc/PID/cgroup",
  }) as const satisfies Partial<ColumnEntry>;

function named(
  { cgroup }: TaskInfo,
  nameOf: (cgroup: string) => string,
): string {
  return cgroup === null ? UNKNOWN : nameOf(cgroup);
}

/** After the id. */
export const STATE_COLUMN = {
  id: "state",
  title: () => "S",
  kind: "text",
  align: "left",
  width: 1,
  ...ON_REQUEST,
  descending: false,
  cell: stateOf,
  sortKey: stateOf,
  reads: "proc",
  ofGroup: false,
  about:
    "State: R runs, S sleeps, D is stuck in a wait that nothing can interrupt, T is stopped, Z is a zombie, x has exited.",
  source: "/proc/PID/task/TID/stat",
} as const satisfies ColumnEntry;

/** After the user. */
export const THREADS_COLUMN = {
  id: "threads",
  title: () => "THREADS",
  shortTitle: () => "THR",
  kind: "count",
  align: "right",
  width: 7,
  ...ON_REQUEST,
  descending: true,
  amount: ({ count }: TaskDelta) => count,
  cell: ({ count }: TaskDelta) => String(count),
  sortKey: ({ count }: TaskDelta) => count,
  reads: "memory",
  ofGroup: true,
  about:
    "Threads in the row; of a process, also those that exited while iotop watched.",
  source: "taskstats ac_tgid",
} as const satisfies ColumnEntry;

/** After what was read and written. */
export const AMOUNT_COLUMNS = [
  {
    id: "share",
    title: () => "SHARE",
    width: 7,
    ...ON_REQUEST,
    ...share((row, view, whole) => {
      if (!whole || view.lifetime) return null;
      const part = netBytes(coversWatch(view) ? row.since : row);
      const all = netBytes(whole);
      return part === null || all === null
        ? null
        : all > 0
          ? Math.min(100, (part * 100) / all)
          : 0;
    }),
    // The whole is the same for all rows.
    sortKey: (row, view) => netBytes(coversWatch(view) ? row.since : row) ?? 0,
    about:
      "Share of all bytes that tasks read and wrote, minus those cancelled.",
    source: taskstats("readBytes", "writeBytes", "cancelledBytes"),
  },
  {
    id: "life-read",
    title: () => "LIFE R",
    width: 11,
    ...ON_REQUEST,
    ...bytes(({ lifetime }) => lifetime?.readBytes ?? null),
    about:
      "Bytes read since the task started, even before iotop did; of a process, without threads that exited before iotop started.",
    source: taskstats("readBytes"),
  },
  {
    id: "life-write",
    title: () => "LIFE W",
    width: 11,
    ...ON_REQUEST,
    ...bytes(({ lifetime }) => lifetime && netWriteBytes(lifetime)),
    about: "Bytes written since the task started, minus those cancelled.",
    source: taskstats("writeBytes", "cancelledBytes"),
  },
  {
    id: "cancelled",
    title: () => "CANCEL",
    width: 11,
    ...ON_REQUEST,
    ...size(of("cancelledBytes")),
    about:
      "Bytes of earlier writes that truncating or deleting made unnecessary.",
    source: taskstats("cancelledBytes"),
  },
  {
    id: "logical-read",
    title: () => "LOGICAL R",
    shortTitle: () => "LOG R",
    width: 11,
    ...ON_REQUEST,
    ...size(of("logicalReadBytes")),
    about:
      "Bytes that passed through read(2) and the like, including those from the page cache.",
    source: taskstats("logicalReadBytes"),
  },
  {
    id: "logical-write",
    title: () => "LOGICAL W",
    shortTitle: () => "LOG W",
    width: 11,
    ...ON_REQUEST,
    ...size(of("logicalWriteBytes")),
    about: "Bytes that passed through write(2) and the like.",
    source: taskstats("logicalWriteBytes"),
  },
  {
    id: "read-calls",
    title: () => "CALLS R",
    shortTitle: () => "CLS R",
    width: 9,
    ...ON_REQUEST,
    ...calls(of("readCalls")),
    about:
      "Calls of read(2) and the like; unknown with taskstats, which rounds them.",
    source: "/proc/PID/task/TID/io syscr",
  },
  {
    id: "write-calls",
    title: () => "CALLS W",
    shortTitle: () => "CLS W",
    width: 9,
    ...ON_REQUEST,
    ...calls(of("writeCalls")),
    about:
      "Calls of write(2) and the like; unknown with taskstats, which rounds them.",
    source: "/proc/PID/task/TID/io syscw",
  },
] as const satisfies readonly ColumnEntry[];

/** Before the waits: of groups that are made of cgroups. */
export const DISK_COLUMNS = [
  {
    id: "from-disk",
    title: () => "FROM DISK",
    width: 11,
    ...ON_REQUEST,
    ...size(diskRate("fromDiskBytes")),
    about:
      "With --by cgroup, unit or container: bytes that came from disks for it, as the kernel counts them; only as a rate.",
    source: "io.stat rbytes",
  },
  {
    id: "to-disk",
    title: () => "TO DISK",
    width: 11,
    ...ON_REQUEST,
    ...size(diskRate("toDiskBytes")),
    about:
      "The same for bytes that went to disks, including those written earlier and those that kernel threads carried.",
    source: "io.stat wbytes",
  },
] as const satisfies readonly ColumnEntry[];

/** Before the command. */
export const GROUP_COLUMNS = [
  {
    id: "unit",
    title: () => "UNIT",
    width: 14,
    ...ON_REQUEST,
    ...fromCgroup((cgroup) => shortContainerId(unitOf(cgroup))),
    about:
      "Unit of systemd that the task belongs to: the last one in the path of its cgroup, or the container's short id.",
  },
  {
    id: "container",
    title: () => "CONTAINER",
    width: 12,
    ...ON_REQUEST,
    ...fromCgroup((cgroup) => shortContainerId(containerOf(cgroup))),
    about: `Short id, or name, of the container that the task is in; ${NO_GROUP} for none.`,
  },
  {
    id: "cgroup",
    title: () => "CGROUP",
    width: 24,
    ...ON_REQUEST,
    ...fromCgroup(shortContainerId),
    about: "Path of the task's cgroup, with containers by their short ids.",
  },
] as const satisfies readonly ColumnEntry[];
