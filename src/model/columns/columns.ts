/**
 * The columns of every table, for screen, batch, report, help and manual. Each is declared once: those that are shown by
 * default here, those that are shown on request in optional-columns.ts.
 */
import { commandOf } from "../tasks/command.ts";
import { idOf, share, size, taskstats, type ColumnEntry } from "./column.ts";
import { netBytes, netWriteBytes } from "../delta.ts";
import { standsForMany } from "../tasks/ended.ts";
import { formatPriority, type Format } from "../text/format.ts";
import {
  AMOUNT_COLUMNS,
  DISK_COLUMNS,
  GROUP_COLUMNS,
  STATE_COLUMN,
  THREADS_COLUMN,
} from "./optional-columns.ts";
import type { IoDelta, IoPriority, TaskDelta, Unknown } from "../sample.ts";
import { isActive } from "../view/activity.ts";
import { type View } from "../view/view.ts";

const EVERYWHERE = Object.freeze(["screen", "batch"] as const);

/** "DISK READ", "MEAN R", "LIFE R". */
const titleOf =
  (what: "READ" | "WRITE") =>
  (view: View): string =>
    view.mean
      ? `MEAN ${what[0]}`
      : view.lifetime
        ? `LIFE ${what[0]}`
        : `DISK ${what}`;

/** "READ/s"; sums are "READ". */
const shortTitleOf =
  (what: "READ" | "WRITE") =>
  (view: View): string => {
    if (view.mean || view.lifetime) return titleOf(what)(view);
    return view.accumulated ? what : `${what}/s`;
  };

const ENTRIES = [
  {
    id: "tid",
    title: (view) => (view.processes ? "PID" : "TID"),
    kind: "id",
    align: "right",
    width: 7,
    shownBy: EVERYWHERE,
    key: "1",
    descending: false,
    cell: (row, view) => String(idOf(row, view)),
    sortKey: idOf,
    reads: "memory",
    ofGroup: false,
    about: "Id of the thread; with -P, of the process.",
    source: "taskstats ac_pid, ac_tgid",
  },
  STATE_COLUMN,
  {
    id: "prio",
    title: () => "PRIO",
    kind: "text",
    align: "left",
    width: 4,
    shownBy: EVERYWHERE,
    key: "2",
    descending: false,
    cell: ({ task: { ioPriority } }) =>
      ioPriority === null ? "?" : formatPriority(ioPriority),
    sortKey: (row) => rankPriority(row.task.ioPriority),
    reads: "memory",
    ofGroup: false,
    about: "I/O scheduling class and level: rt goes before be, be before idle.",
    source: "ioprio_get(2)",
  },
  {
    id: "user",
    title: () => "USER",
    kind: "text",
    align: "left",
    width: 8,
    shownBy: EVERYWHERE,
    key: "3",
    descending: false,
    cell: (row, _view, format) => format.text(row.task.user),
    sortKey: (row) => row.task.user,
    reads: "memory",
    ofGroup: true,
    about: "Real user of the task; the number if the user has no name.",
    source: "taskstats ac_uid",
  },
  THREADS_COLUMN,
  {
    id: "read",
    title: titleOf("READ"),
    shortTitle: shortTitleOf("READ"),
    width: 11,
    shownBy: EVERYWHERE,
    key: "4",
    ...size((row, view) =>
      view.accumulated ? row.since.readBytes : row.readRate,
    ),
    about:
      "Bytes fetched from storage; reads from the page cache do not count.",
    source: taskstats("readBytes"),
  },
  {
    id: "write",
    title: titleOf("WRITE"),
    shortTitle: shortTitleOf("WRITE"),
    width: 11,
    shownBy: EVERYWHERE,
    key: "5",
    ...size((row, view) =>
      view.accumulated ? netWriteBytes(row.since) : row.writeRate,
    ),
    about:
      "Bytes written, to storage or to memory for later, minus those cancelled by truncating or deleting.",
    source: taskstats("writeBytes", "cancelledBytes"),
  },
  ...AMOUNT_COLUMNS,
  ...DISK_COLUMNS,
  {
    id: "swapin",
    title: () => "SWAPIN",
    width: 7,
    shownBy: EVERYWHERE,
    key: "6",
    ...share((row) => row.swapPercent),
    about:
      "Share of the interval spent waiting for swapped-out pages, summed over threads.",
    source: taskstats("swapWaitNs"),
  },
  {
    id: "io",
    title: () => "IO",
    width: 7,
    shownBy: EVERYWHERE,
    key: "7",
    ...share((row) => row.ioPercent),
    sortKey: rankIo,
    about:
      "Share of the interval spent waiting for block I/O, summed over threads.",
    source: taskstats("ioWaitNs"),
  },
  ...GROUP_COLUMNS,
  {
    id: "command",
    title: () => "COMMAND",
    kind: "text",
    align: "left",
    width: "rest",
    shownBy: EVERYWHERE,
    key: "9",
    descending: false,
    cell: (row, _view, format) => format.text(commandOf(row.task)),
    sortKey: (row) => commandOf(row.task),
    reads: "proc",
    ofGroup: true,
    about:
      "Program and arguments; [name] for kernel threads; then the thread's own name, if it has one.",
    source: "/proc/PID/cmdline, taskstats ac_comm",
  },
] as const satisfies readonly ColumnEntry[];

/** Name of a column. */
export type ColumnId = (typeof ENTRIES)[number]["id"];

/** One column: its titles, its cell and amount of a row, how to sort by it. */
export type Column = ColumnEntry & { readonly id: ColumnId };

/** The columns of every table, in their order from left to right. */
export const COLUMNS: readonly Column[] = Object.freeze(
  ENTRIES.map((entry) => Object.freeze(entry)),
);

/** The column of this name. */
export function columnById(id: ColumnId): Column {
  return COLUMNS.find((candidate) => candidate.id === id)!;
}

/** The columns that a stock output shows by default. */
export function columnsOf(output: "screen" | "batch"): readonly Column[] {
  return COLUMNS.filter(({ shownBy }) => shownBy.includes(output));
}

/**
 * Text of one cell, printable, neither cut nor padded. In a row of several ended tasks it is "-" if each task has its
 * own value.
 *
 * @param whole what all tasks did in the time that the view tells of: a share is unknown without it
 */
export function cellText(
  column: Column,
  row: TaskDelta,
  view: View,
  format: Format,
  whole: IoDelta | null = null,
): string {
  if (!column.ofGroup && standsForMany(row)) return "-";
  return column.cell(row, view, format, whole);
}

const PRIORITY_CLASSES: readonly IoPriority["class"][] = [
  "rt",
  "be",
  "none",
  "idle",
];

const UNKNOWN_RANK = 99;

function rankPriority(priority: IoPriority | Unknown): number {
  // After all others.
  if (priority === null) return UNKNOWN_RANK;
  return 1 + PRIORITY_CLASSES.indexOf(priority.class) * 8 + priority.level;
}

/**
 * Tasks that waited come first, by their share; then tasks that read and wrote without waiting, by bytes, in (0, 1);
 * then those that did nothing that is known. Without delay accounting this sorts by bytes, in steps of a tenth: tasks
 * that do about the same stay in the order of their ids, and do not change places with every sample.
 */
function rankIo(row: TaskDelta, view: View): number {
  const percent = row.ioPercent;
  if (percent !== null && percent > 0) return 1 + percent;
  if (isActive(row, view.accumulated)) {
    const io = view.accumulated ? row.since : row;
    const bytes = netBytes(io) ?? 0;
    const step = 1 + Math.round(Math.log2(bytes + 1) * STEPS_PER_DOUBLING);
    return step / (step + 1);
  }
  return 0;
}

const STEPS_PER_DOUBLING = 8;
