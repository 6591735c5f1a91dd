/** The columns of every table, as data: one registry for screen, batch, report and help. */
import { commandOf } from "./command.ts";
import { netWriteBytes } from "./delta.ts";
import { formatPriority } from "./format.ts";
import type { Format } from "./output.ts";
import type { IoPriority, TaskDelta, Unknown } from "./sample.ts";
import { isActive, type View } from "./view.ts";

export type ColumnId =
  "tid" | "prio" | "user" | "read" | "write" | "swapin" | "io" | "command";

/**
 * A value that orders rows. An unknown amount counts as nothing: a task that did nothing has the same key whether its
 * waits are known or not, so that idle rows stay in the order of their ids while tasks come and go. No number is below
 * 0.
 */
type SortKey = number | string;

export interface Column {
  readonly id: ColumnId;
  title(view: View): string;
  readonly align: "left" | "right";
  /** Least display cells: enough for usual values; wider ones need more. "rest": what the other columns leave. */
  readonly width: number | "rest";
  /** The direction in which one sorts by this column first. */
  readonly descending: boolean;
  /** Printable, neither cut nor padded. */
  cell(row: TaskDelta, view: View, format: Format): string;
  /** All rows give the same type. */
  sortKey(row: TaskDelta, view: View): SortKey;
  /** One sentence for the help. */
  readonly about: string;
  /** Where the kernel says it. */
  readonly source: string;
}

export const COLUMNS: readonly Column[] = [
  {
    id: "tid",
    title: (view) => (view.processes ? "PID" : "TID"),
    align: "right",
    width: 7,
    descending: false,
    cell: (row, view) => String(idOf(row, view)),
    sortKey: idOf,
    about: "Id of the thread, or of the process where threads are folded.",
    source: "taskstats ac_pid, ac_tgid",
  },
  {
    id: "prio",
    title: () => "PRIO",
    align: "left",
    width: 4,
    descending: false,
    cell: ({ task: { ioPriority } }) =>
      ioPriority === null ? "?" : formatPriority(ioPriority),
    sortKey: (row) => rankPriority(row.task.ioPriority),
    about: "I/O scheduling class and level: rt before be before idle.",
    source: "ioprio_get(2)",
  },
  {
    id: "user",
    title: () => "USER",
    align: "left",
    width: 8,
    descending: false,
    cell: (row, _view, format) => format.text(row.task.user),
    sortKey: (row) => row.task.user,
    about: "Real user of the task; the number where it has no name.",
    source: "taskstats ac_uid",
  },
  {
    id: "read",
    title: () => "DISK READ",
    align: "right",
    width: 11,
    descending: true,
    cell: (row, view, format) =>
      view.accumulated
        ? format.bytes(row.since.readBytes)
        : format.rate(row.readRate),
    sortKey: (row, view) =>
      (view.accumulated ? row.since.readBytes : row.readRate) ?? 0,
    about: "Bytes fetched from storage; what the page cache held is not in it.",
    source: "taskstats read_bytes",
  },
  {
    id: "write",
    title: () => "DISK WRITE",
    align: "right",
    width: 11,
    descending: true,
    cell: (row, view, format) =>
      view.accumulated
        ? format.bytes(netWriteBytes(row.since))
        : format.rate(row.writeRate),
    sortKey: (row, view) =>
      (view.accumulated ? netWriteBytes(row.since) : row.writeRate) ?? 0,
    about:
      "Bytes made dirty, to be sent to storage, less those cancelled by truncating or deleting.",
    source: "taskstats write_bytes, cancelled_write_bytes",
  },
  {
    id: "swapin",
    title: () => "SWAPIN",
    align: "right",
    width: 7,
    descending: true,
    cell: (row, _view, format) => format.percent(row.swapPercent),
    sortKey: (row) => row.swapPercent ?? 0,
    about:
      "Share of the interval spent waiting for swapped-out pages, summed over threads.",
    source: "taskstats swapin_delay_total",
  },
  {
    id: "io",
    title: () => "IO",
    align: "right",
    width: 7,
    descending: true,
    cell: (row, _view, format) => format.percent(row.ioPercent),
    sortKey: rankIo,
    about:
      "Share of the interval spent waiting for block I/O, summed over threads.",
    source: "taskstats blkio_delay_total",
  },
  {
    id: "command",
    title: () => "COMMAND",
    align: "left",
    width: "rest",
    descending: false,
    cell: (row, _view, format) => format.text(commandOf(row.task)),
    sortKey: (row) => commandOf(row.task),
    about:
      "Program and arguments; [name] for kernel threads; the thread's own name behind, if it has one.",
    source: "/proc/PID/cmdline, taskstats ac_comm",
  },
];

export function columnById(id: ColumnId): Column {
  return COLUMNS.find((candidate) => candidate.id === id)!;
}

/** A new array in the order of one column; equal rows by ascending id, whatever the direction. */
export function sortRows(
  rows: readonly TaskDelta[],
  by: Column,
  descending: boolean,
  view: View,
): TaskDelta[] {
  const sign = descending ? -1 : 1;
  const keyed: { readonly row: TaskDelta; readonly key: SortKey }[] = [];
  // Nearly all rows of a busy machine: they need no comparing by key, and most often are in order already.
  const resting: TaskDelta[] = [];
  for (const row of rows) {
    const key = by.sortKey(row, view);
    if (key === 0) resting.push(row);
    else keyed.push({ row, key });
  }
  keyed.sort(
    (a, b) =>
      sign * compareKeys(a.key, b.key) || idOf(a.row, view) - idOf(b.row, view),
  );
  resting.sort((a, b) => idOf(a, view) - idOf(b, view));
  const moving = keyed.map(({ row }) => row);
  return descending ? [...moving, ...resting] : [...resting, ...moving];
}

function compareKeys(a: SortKey, b: SortKey): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function idOf(row: TaskDelta, view: View): number {
  return view.processes ? row.task.pid : row.task.tid;
}

const PRIORITY_CLASSES: readonly IoPriority["class"][] = [
  "rt",
  "be",
  "none",
  "idle",
];

function rankPriority(priority: IoPriority | Unknown): number {
  if (priority === null) return 0;
  return 1 + PRIORITY_CLASSES.indexOf(priority.class) * 8 + priority.level;
}

/**
 * Waiting first, by its share; then reading and writing without waiting, by bytes, in (0, 1); then those that did
 * nothing that is known. Without delay accounting this sorts by bytes, in steps of a tenth: tasks that do about the
 * same stay in the order of their ids, and do not change places with every sample.
 */
function rankIo(row: TaskDelta, view: View): number {
  const percent = row.ioPercent;
  if (percent !== null && percent > 0) return 1 + percent;
  if (isActive(row, view.accumulated)) {
    const io = view.accumulated ? row.since : row;
    const bytes = (io.readBytes ?? 0) + (netWriteBytes(io) ?? 0);
    const step = 1 + Math.round(Math.log2(bytes + 1) * STEPS_PER_DOUBLING);
    return step / (step + 1);
  }
  return 0;
}

const STEPS_PER_DOUBLING = 8;
