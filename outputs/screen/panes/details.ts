/**
 * All about one task, below the list: who it is, what it did, its threads and its open files. Pure: what is read of the
 * task is in `inspected`.
 */
import {
  isActive,
  type Format,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import type { GraphGlyphs } from "../graphs/graph.ts";
import type { History } from "../graphs/history.ts";
import type { SizeUnits } from "../table/compact-numbers.ts";
import { drawBottomPane, type PanePlace } from "./bottom-pane.ts";
import { amountLines } from "./details-amounts.ts";
import { graphLines } from "./details-graphs.ts";
import { cellsOf, padRight, type Spans } from "./spans.ts";
import { openFileLines, openFileTable } from "./details-files.ts";
import { tracedLines } from "./details-traced.ts";
import { threadLines } from "./details-threads.ts";
import { commandLines, placeLines, titleParts } from "./details-title.ts";
import type { Inspected } from "./details-watch.ts";

export interface DetailsFacts {
  readonly row: TaskDelta;
  readonly asProcess: boolean;
  readonly inspected: Inspected;
  readonly sample: Sample;
  readonly history: History;
  readonly glyphs: GraphGlyphs;
  readonly units: SizeUnits;
  readonly format: Format;
}

/** From here on, threads and files stand side by side. */
const WIDE_CELLS = 110;
/** Of the threads. */
const LEFT_CELLS = 62;

/** @returns first line of the next page; 0 after the last one */
export function drawDetails(
  canvas: Canvas,
  place: PanePlace,
  facts: DetailsFacts,
): number {
  const { columns, unicode } = canvas;
  const { sample, inspected, row, asProcess, format } = facts;
  const threads = threadRows(sample, row);
  return drawBottomPane(canvas, place, {
    titleParts: titleParts(
      {
        ...{ row, asProcess, details: inspected.details },
        hasEnded: inspected.hasEnded,
        activeThreads: threads.filter((each) => isActive(each)).length,
        timeMs: sample.timeMs,
      },
      columns,
      format,
    ),
    lines: detailsLines(facts, columns, unicode ? "│" : "|"),
  });
}

/** All lines below the title. */
function detailsLines(
  facts: DetailsFacts,
  columns: number,
  divider: string,
): readonly Spans[] {
  const { row, inspected, sample, format, units } = facts;
  const { details } = inspected;
  const threads = threadRows(sample, row);
  const [rates, waits] = graphLines(
    { ...facts, intervalMs: inspected.intervalMs },
    columns,
    units,
  );
  const { traced } = inspected;
  const isWide = columns >= WIDE_CELLS && traced === null;
  const lists = isWide
    ? [
        ...waits,
        ...sideBySide(
          threadLines(threads, inspected, LEFT_CELLS, format, units),
          openFileTable(inspected, columns - LEFT_CELLS - 3, format, units),
          LEFT_CELLS,
          divider,
        ),
      ]
    : [
        // In a low window there is room for one line more: it says where the task is in its file.
        ...(traced === null
          ? openFileLines(inspected, columns, format, units)
          : []),
        ...waits,
        ...threadLines(threads, inspected, columns, format, units),
      ];
  return [
    ...commandLines(row.task, details, columns, format),
    // Whoever asks for them wants to see them first, with whole paths.
    ...(traced === null ? [] : tracedLines(traced, columns, format, units)),
    ...placeLines(row, details, columns, format),
    ...(inspected.isRecorded
      ? [[{ text: RECORDED, style: "faint" } as const]]
      : []),
    ...amountLines(row, inspected, columns, units),
    ...rates,
    ...lists,
  ];
}

const RECORDED =
  "not recorded: working directory, open files, states of threads";

function threadRows(
  { threads }: Sample,
  { task }: TaskDelta,
): readonly TaskDelta[] {
  return threads.filter((row) => row.task.processKey === task.processKey);
}

function sideBySide(
  left: readonly Spans[],
  right: readonly Spans[],
  leftCells: number,
  divider: string,
): readonly Spans[] {
  if (right.length === 0) return left;
  const count = Math.max(left.length, right.length);
  return Array.from({ length: count }, (_, i) => {
    const spans = left[i] ?? [];
    const gap = padRight("", leftCells - cellsOf(spans));
    return [
      ...spans,
      { text: `${gap} ${divider} `, style: "faint" },
      ...(right[i] ?? []),
    ];
  });
}
