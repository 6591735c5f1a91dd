/** The threads of a process. Pure. */
import {
  grossBytes,
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
import { padLeft, padRight, type Spans } from "./spans.ts";
import { ioPriorityText } from "./details-title.ts";
import type { Inspected } from "./details-watch.ts";

const ID_CELLS = 8;
const PRIO_CELLS = 5;
const RATE_CELLS = 8;
const IO_CELLS = 6;

/** More than anybody looks through. */
const MOST_THREADS = 256;

/**
 * Threads that did something first, those that have moved most before the others.
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
  const living = rows.filter(({ exit }) => exit === null);
  const active = living.filter((row) => isActive(row)).length;
  const count = details?.threadCount ?? living.length;
  const ordered = orderThreads(living).slice(0, MOST_THREADS);
  const listed = new Set(living.map(({ task }) => task.tid));
  const others = [...threads.values()].filter(({ tid }) => !listed.has(tid));
  const left = living.length - ordered.length;
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
    ...(left > 0
      ? [[{ text: `${left} more threads`, style: "faint" } as const]]
      : []),
  ];
}

/** By what they have done so far, not by the interval: so those of about one rate stay where they are. */
function orderThreads(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  const weights = new Map(
    rows.map((row) => [row, [Number(isActive(row)), grossBytes(row.since)]]),
  );
  return rows.toSorted((a, b) => {
    const [activeA, bytesA] = weights.get(a)!;
    const [activeB, bytesB] = weights.get(b)!;
    return activeB! - activeA! || bytesB! - bytesA! || a.task.tid - b.task.tid;
  });
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
