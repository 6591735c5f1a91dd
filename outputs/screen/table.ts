/** Column titles, rows and the scroll bar. */
import type { Column } from "../../src/model/columns.ts";
import { netWriteBytes } from "../../src/model/delta.ts";
import type { Format } from "../../src/model/output.ts";
import type { TaskDelta } from "../../src/model/sample.ts";
import type { View } from "../../src/model/view.ts";
import { compactBytes, compactPercent } from "./compact.ts";
import type { Canvas } from "./frame.ts";
import type { TableLayout } from "./table-layout.ts";
import type { Scene, ScreenState } from "./state.ts";
import { SOURCE_TITLES } from "./row-history.ts";
import { rateStyle, shareStyle, sumStyle, type Style } from "./theme.ts";

/** What a cell's number is, if it is one. */
interface Amount {
  readonly value: number | null;
  readonly compact: (value: number | null) => string;
  readonly style: (value: number | null) => Style;
}

/** Draws the inverse line of titles; returns where a click finds each. */
export function drawTitles(
  canvas: Canvas,
  y: number,
  layout: TableLayout,
  state: ScreenState,
): Scene["titles"] {
  canvas.fill(0, canvas.columns, y, "title");
  return layout.columns.map((placed, i) => {
    const { column, x, width } = placed;
    const next = layout.columns[i + 1]?.x ?? canvas.columns;
    if (column === null) {
      const title = `GRAPH[${SOURCE_TITLES[state.graphSource]}]`;
      canvas.put(x, y, title.length > width ? title.slice(5) : title, "title");
      return { id: null, from: x, to: next };
    }
    const title = layout.compact
      ? column.title(state.view).replace("DISK ", "").slice(0, width)
      : column.title(state.view);
    const sorted = column.id === state.sort;
    const style = sorted ? "sorted-title" : "title";
    const start =
      column.align === "right" ? x + Math.max(0, width - title.length) : x;
    const after = canvas.put(start, y, title, style);
    if (sorted) canvas.put(after, y, arrow(state.descending, canvas), style);
    return { id: column.id, from: x, to: next };
  });
}

/** In the gap behind the title, so that titles stay above their numbers. */
function arrow(descending: boolean, canvas: Canvas): string {
  if (!canvas.unicode) return descending ? ">" : "<";
  return descending ? "▽" : "△";
}

export interface RowExtras {
  readonly graph: string;
  /** Ended tasks that the row stands for; 1 if it is one task's own row. */
  readonly endedCount: number;
}

export function drawRow(
  canvas: Canvas,
  y: number,
  row: TaskDelta,
  layout: TableLayout,
  state: ScreenState,
  format: Format,
  extras: RowExtras,
): void {
  canvas.put(0, y, rowMark(row), row.exit === null ? "plain" : "faint");
  for (const { column, x, width } of layout.columns) {
    if (column === null) {
      canvas.put(
        x,
        y,
        extras.graph,
        row.exit === null ? "plain" : "faint",
        x + width,
      );
      continue;
    }
    const { text, style } = drawnCell(
      row,
      column,
      layout,
      state,
      format,
      extras.endedCount,
    );
    if (column.align === "right") {
      // A number too long for its column takes room from the left before it loses a digit.
      canvas.put(Math.max(0, x + width - text.length), y, text, style);
    } else canvas.put(x, y, format.text(text, width), style, x + width);
  }
}

/** Readable without colour: x ended, + began. */
function rowMark(row: TaskDelta): string {
  if (row.exit !== null) return "x";
  return row.born ? "+" : " ";
}

function drawnCell(
  row: TaskDelta,
  column: Column,
  layout: TableLayout,
  state: ScreenState,
  format: Format,
  endedCount: number,
): { text: string; style: Style } {
  const { view } = state;
  const isGroup = endedCount > 1;
  if (isGroup && (column.id === "tid" || column.id === "prio"))
    return { text: "-", style: "faint" };
  const amount = amountOf(column, row, view);
  if (amount !== null)
    return {
      text: layout.compact
        ? amount.compact(amount.value)
        : column.cell(row, view, format),
      style: row.exit === null ? amount.style(amount.value) : "faint",
    };
  const text =
    column.id === "command"
      ? commandText(row, column, state, format) + endOf(row, endedCount)
      : column.cell(row, view, format);
  return { text, style: row.exit === null ? "plain" : "faint" };
}

function amountOf(column: Column, row: TaskDelta, view: View): Amount | null {
  const size = {
    compact: compactBytes,
    style: view.accumulated ? sumStyle : rateStyle,
  };
  const share = { compact: compactPercent, style: shareStyle };
  const { since } = row;
  switch (column.id) {
    case "read":
      return {
        value: view.accumulated ? since.readBytes : row.readRate,
        ...size,
      };
    case "write":
      return {
        value: view.accumulated ? netWriteBytes(since) : row.writeRate,
        ...size,
      };
    case "swapin":
      return { value: row.swapPercent, ...share };
    case "io":
      return { value: row.ioPercent, ...share };
    default:
      return null;
  }
}

function commandText(
  row: TaskDelta,
  column: Column,
  state: ScreenState,
  format: Format,
): string {
  const { comm, isKernelThread } = row.task;
  const name = isKernelThread ? `[${comm}]` : comm;
  return state.fullCommand
    ? column.cell(row, state.view, format)
    : format.text(name);
}

/** How the task ended, or how many did. */
function endOf(row: TaskDelta, endedCount: number): string {
  if (row.exit === null) return "";
  if (endedCount > 1) return ` (${endedCount} ended)`;
  const { code, signal } = row.exit;
  const how =
    signal !== 0 ? `signal ${signal}` : code !== 0 ? `exit ${code}` : "ended";
  return ` (${how})`;
}

/** Where in the list the window is, in eighths of a cell. */
export function drawScrollBar(
  canvas: Canvas,
  x: number,
  bodyTop: number,
  bodyRows: number,
  top: number,
  rowCount: number,
): void {
  if (rowCount <= bodyRows || bodyRows < 2) return;
  const eighths = bodyRows * 8;
  const length = Math.max(8, Math.round((bodyRows / rowCount) * eighths));
  const travel = eighths - length;
  const from = Math.round((top / (rowCount - bodyRows)) * travel);
  for (let i = 0; i < bodyRows; i++)
    drawBarCell(canvas, x, bodyTop + i, from - i * 8, from + length - i * 8);
}

const LOWER_EIGHTHS = " ▁▂▃▄▅▆▇█";

/** One cell of the bar, which covers the eighths `from` to `to` of it, counted from its top. */
function drawBarCell(
  canvas: Canvas,
  x: number,
  y: number,
  from: number,
  to: number,
): void {
  const covered = Math.min(8, to) - Math.max(0, from);
  if (!canvas.unicode) {
    canvas.put(x, y, covered >= 4 ? "#" : "|", "faint");
  } else if (from > 0) {
    canvas.put(x, y, LOWER_EIGHTHS[Math.max(0, 8 - from)] ?? " ", "faint");
  } else if (covered > 0) {
    // There are no upper eighths: a half at least is drawn whole.
    canvas.put(x, y, covered >= 4 ? "█" : "▀", "faint");
  }
}
