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
import { amountLines } from "./details-amounts.ts";
import { graphLines } from "./details-graphs.ts";
import { cellsOf, drawSpans, padRight, type Spans } from "./details-lines.ts";
import { fileLines, fileTable } from "./details-files.ts";
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

export interface DrawnDetails {
  /** First line that is shown, because the one that was asked for may be too far. */
  readonly top: number;
  /** First line of the next page; 0 after the last one. */
  readonly next: number;
}

/** Rows of the list that the details leave, at least; the selected one alone where there are few. */
const MIN_LIST_ROWS = 3;
const FEW_ROWS = 8;
const SHARE = 0.56;
/** From here on, threads and files stand side by side. */
const WIDE_CELLS = 110;
/** Of the threads. */
const LEFT_CELLS = 62;

/** How many of the rows of the list the details take. */
export function detailsRows(bodyRows: number): number {
  const least = bodyRows < FEW_ROWS ? 1 : MIN_LIST_ROWS;
  const rows = Math.max(Math.round(bodyRows * SHARE), 6);
  return Math.max(0, Math.min(rows, bodyRows - least));
}

export function drawDetails(
  canvas: Canvas,
  fromRow: number,
  rows: number,
  wantedTop: number,
  facts: DetailsFacts,
): DrawnDetails {
  const { columns, unicode } = canvas;
  const lines = detailsLines(facts, columns, unicode ? "│" : "|");
  const visible = rows - 1;
  const top = Math.max(0, Math.min(wantedTop, lines.length - visible));
  const end = top + visible;
  drawTitle(canvas, fromRow, facts, {
    from: top + 1,
    to: Math.min(end, lines.length),
    of: lines.length,
  });
  for (let i = 0; i < visible; i++) {
    const y = fromRow + 1 + i;
    canvas.fill(0, columns, y, "plain");
    drawSpans(canvas, y, lines[top + i] ?? []);
  }
  return { top, next: end < lines.length ? end : 0 };
}

function drawTitle(
  canvas: Canvas,
  y: number,
  facts: DetailsFacts,
  { from, to, of }: { from: number; to: number; of: number },
): void {
  const { columns, unicode } = canvas;
  const { sample, inspected, row, asProcess, format } = facts;
  const edge = unicode ? "─" : "-";
  const threads = threadRows(sample, row);
  const parts = titleParts(
    {
      ...{ row, asProcess, details: inspected.details },
      hasEnded: inspected.hasEnded,
      activeThreads: threads.filter((each) => isActive(each)).length,
      timeMs: sample.timeMs,
    },
    columns,
    format,
  );
  const place = to < of || from > 1 ? ` ${from}-${to} of ${of} ` : "";
  canvas.put(0, y, edge.repeat(columns), "faint");
  let x = 0;
  for (const part of parts) {
    const text = `${edge} ${part} `;
    const cells = Bun.stringWidth(text);
    if (x > 0 && x + cells + place.length + 2 > columns) break;
    x = canvas.put(x, y, edge, "faint");
    x = canvas.put(x, y, ` ${part} `, x === 1 ? "strong" : "plain");
  }
  if (place !== "" && x + place.length + 1 < columns)
    canvas.put(columns - place.length - 1, y, place, "faint");
}

/** All lines below the title. */
export function detailsLines(
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
          fileTable(inspected, columns - LEFT_CELLS - 3, format, units),
          LEFT_CELLS,
          divider,
        ),
      ]
    : [
        // In a low window there is room for one line more: it says where the task is in its file.
        ...(traced === null
          ? fileLines(inspected, columns, format, units)
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
