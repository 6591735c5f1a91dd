/** Column titles, rows and the scroll bar. */
import type { Column } from "../../src/model/columns.ts";
import { netWriteBytes } from "../../src/model/delta.ts";
import { taskCountOf } from "../../src/model/ended.ts";
import type { Format } from "../../src/model/output.ts";
import type { TaskDelta, TaskInfo } from "../../src/model/sample.ts";
import type { View } from "../../src/model/view.ts";
import { compactBytes, compactPercent } from "./compact.ts";
import { drawLine, type Canvas, type Line } from "./frame.ts";
import type { PlacedColumn, TableLayout } from "./table-layout.ts";
import type { Scene, ScreenState } from "./state.ts";
import { SOURCE_TITLES } from "./row-history.ts";
import { rateStyle, shareStyle, sumStyle, type Style } from "./theme.ts";

/** What a cell's number is, if it is one. */
interface Amount {
  readonly value: number | null;
  readonly compact: (value: number | null) => string;
  readonly style: (value: number | null) => Style;
}

export interface TitleLine {
  readonly line: Line;
  /** Where a click finds each. */
  readonly titles: Scene["titles"];
}

/** The inverse line of titles. */
export function drawTitles(
  columns: number,
  unicode: boolean,
  layout: TableLayout,
  state: Pick<ScreenState, "view" | "sort" | "descending" | "graphSource">,
): TitleLine {
  let titles: Scene["titles"] = [];
  const line = drawLine(columns, unicode, null, (canvas) => {
    canvas.fill(0, columns, 0, "title");
    titles = layout.columns.map((placed, i) => {
      drawTitle(canvas, placed, layout.compact, state);
      const next = layout.columns[i + 1]?.x ?? columns;
      return { id: placed.column?.id ?? null, from: placed.x, to: next };
    });
  });
  return { line, titles };
}

function drawTitle(
  canvas: Canvas,
  { column, x, width }: PlacedColumn,
  compact: boolean,
  state: Pick<ScreenState, "view" | "sort" | "descending" | "graphSource">,
): void {
  if (column === null) {
    const title = `GRAPH[${SOURCE_TITLES[state.graphSource]}]`;
    canvas.put(x, 0, title.length > width ? title.slice(5) : title, "title");
    return;
  }
  const title = compact
    ? column.title(state.view).replace("DISK ", "").slice(0, width)
    : column.title(state.view);
  const sorted = column.id === state.sort;
  const style = sorted ? "sorted-title" : "title";
  const start =
    column.align === "right" ? x + Math.max(0, width - title.length) : x;
  const after = canvas.put(start, 0, title, style);
  if (sorted) canvas.put(after, 0, arrow(state.descending, canvas), style);
}

/** In the gap behind the title, so that titles stay above their numbers. */
function arrow(descending: boolean, canvas: Canvas): string {
  if (!canvas.unicode) return descending ? ">" : "<";
  return descending ? "▽" : "△";
}

/** What of the state the look of a row depends on. */
export type RowLook = Pick<ScreenState, "view" | "fullCommand">;

/** On the first row of a canvas. */
export function drawRow(
  canvas: Canvas,
  row: TaskDelta,
  layout: TableLayout,
  look: RowLook,
  format: Format,
  graph: string,
): void {
  const tone = row.exit === null ? "plain" : "faint";
  canvas.put(0, 0, rowMark(row), tone);
  for (const { column, x, width } of layout.columns) {
    if (column === null) {
      canvas.put(x, 0, graph, tone, x + width);
      continue;
    }
    const { text, style } = drawnCell(
      row,
      column,
      layout.compact,
      look,
      format,
    );
    if (column.align === "right") {
      // A number too long for its column takes room from the left before it loses a digit.
      canvas.put(Math.max(0, x + width - text.length), 0, text, style);
    } else canvas.put(x, 0, format.text(text, width), style, x + width);
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
  compact: boolean,
  { view, fullCommand }: RowLook,
  format: Format,
): { text: string; style: Style } {
  const isGroup = taskCountOf(row) > 1;
  if (isGroup && (column.id === "tid" || column.id === "prio"))
    return { text: "-", style: "faint" };
  const amount = amountOf(column, row, view);
  if (amount !== null)
    return {
      text: compact
        ? amount.compact(amount.value)
        : column.cell(row, view, format),
      style: row.exit === null ? amount.style(amount.value) : "faint",
    };
  const text =
    column.id === "command"
      ? (fullCommand
          ? column.cell(row, view, format)
          : format.text(shortName(row.task))) + endOf(row)
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

function shortName({ comm, isKernelThread }: TaskInfo): string {
  return isKernelThread ? `[${comm}]` : comm;
}

/** How the task ended, or how many did. */
function endOf(row: TaskDelta): string {
  if (row.exit === null) return "";
  const taskCount = taskCountOf(row);
  if (taskCount > 1) return ` (${taskCount} ended)`;
  const { code, signal } = row.exit;
  const how =
    signal !== 0 ? `signal ${signal}` : code !== 0 ? `exit ${code}` : "ended";
  return ` (${how})`;
}
