/** The threads of a process. Pure. */
import {
  isActive,
  type Format,
  type TaskDelta,
  type ThreadDetails,
} from "../../../src/model/index.ts";
import { rateStyle, shareStyle } from "../cells/theme.ts";
import {
  compactBytes,
  compactPercent,
  type SizeUnits,
} from "../table/compact-numbers.ts";
import { padLeft, padRight, type Spans } from "./details-lines.ts";
import { ioPriorityText } from "./details-title.ts";
import type { Inspected } from "./details-watch.ts";

const ID_CELLS = 8;
const PRIO_CELLS = 5;
const RATE_CELLS = 8;
const IO_CELLS = 6;

/**
 * Threads that did something first, those that moved most before the others.
 *
 * @param rows of the threads of the process, in the sample
 */
export function threadLines(
  rows: readonly TaskDelta[],
  { details }: Inspected,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const threads = new Map<number, ThreadDetails>(
    (details?.threads ?? []).map((thread) => [thread.tid, thread]),
  );
  const ordered = rows
    .filter(({ exit }) => exit === null)
    .toSorted((a, b) => weightOf(b) - weightOf(a) || a.task.tid - b.task.tid);
  const listed = new Set(ordered.map(({ task }) => task.tid));
  const others = [...threads.values()].filter(({ tid }) => !listed.has(tid));
  const count = details?.threadCount ?? ordered.length;
  const active = ordered.filter((row) => isActive(row)).length;
  const title =
    padLeft("TID", ID_CELLS) +
    " " +
    padRight("PRIO", PRIO_CELLS) +
    padLeft("READ/s", RATE_CELLS) +
    padLeft("WRITE/s", RATE_CELLS) +
    padLeft("IO", IO_CELLS) +
    ` S  THREAD (${active} active of ${count})`;
  return [
    [{ text: title, style: "faint" }],
    ...ordered.map((row) =>
      threadLine(
        row,
        threads.get(row.task.tid) ?? null,
        columns,
        format,
        units,
      ),
    ),
    ...others.map(({ tid, comm, state, ioPriority }): Spans => [
      {
        text:
          padLeft(String(tid), ID_CELLS) +
          " " +
          padRight(ioPriorityText(ioPriority), PRIO_CELLS) +
          " ".repeat(2 * RATE_CELLS + IO_CELLS) +
          ` ${state}  ${format.text(comm)}`,
      },
    ]),
  ];
}

function weightOf(row: TaskDelta): number {
  return (row.readRate ?? 0) + (row.writeRate ?? 0) + (row.ioPercent ?? 0);
}

function threadLine(
  row: TaskDelta,
  thread: ThreadDetails | null,
  columns: number,
  format: Format,
  units: SizeUnits,
): Spans {
  const { task, readRate, writeRate, ioPercent } = row;
  const priority = thread?.ioPriority ?? task.ioPriority;
  const state = thread?.state ?? "?";
  const used = ID_CELLS + 1 + PRIO_CELLS + 2 * RATE_CELLS + IO_CELLS + 2 + 2;
  return [
    {
      text: `${padLeft(String(task.tid), ID_CELLS)} ${padRight(ioPriorityText(priority), PRIO_CELLS)}`,
    },
    {
      text: padLeft(compactBytes(readRate, units), RATE_CELLS),
      style: rateStyle(readRate),
    },
    {
      text: padLeft(compactBytes(writeRate, units), RATE_CELLS),
      style: rateStyle(writeRate),
    },
    {
      text: padLeft(compactPercent(ioPercent), IO_CELLS),
      style: shareStyle(ioPercent),
    },
    { text: ` ${state}`, style: state === "D" ? "warning" : "plain" },
    { text: `  ${format.text(task.comm, Math.max(1, columns - used))}` },
  ];
}
