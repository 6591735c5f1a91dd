/** Column titles, rows and the scroll bar. */
import {
  cellText,
  describeEnd,
  nameOf,
  type Column,
  type EndWords,
  type Format,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import { compactBytes, compactPercent } from "./compact-numbers.ts";
import { drawLine, type Canvas, type Line } from "../cells/frame.ts";
import type { HitMap } from "../input/hit-map.ts";
import { SOURCE_TITLES } from "../graphs/row-history.ts";
import type { ScreenState } from "../state.ts";
import type { PlacedColumn, TableLayout } from "./table-layout.ts";
import { rateStyle, shareStyle, sumStyle, type Style } from "../cells/theme.ts";

export interface TitleLine {
  readonly line: Line;
  /** Where a click finds each title. */
  readonly titles: HitMap["titles"];
}

/** The titles, in an inverse line. */
export function drawTitles(
  columns: number,
  unicode: boolean,
  layout: TableLayout,
  state: Pick<ScreenState, "view" | "sort" | "descending" | "graphSource">,
): TitleLine {
  let titles: HitMap["titles"] = [];
  const line = drawLine(columns, unicode, null, (canvas) => {
    canvas.fill(0, columns, 0, "title");
    titles = layout.columns.map((placed, i) => {
      drawTitle(canvas, placed, layout.compact, state);
      const next = layout.columns[i + 1]?.x ?? columns;
      return { id: placed.column?.id ?? "graph", from: placed.x, to: next };
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
    ? (column.shortTitle ?? column.title(state.view)).slice(0, width)
    : column.title(state.view);
  const sorted = column.id === state.sort;
  const style = sorted ? "sorted-title" : "title";
  const start =
    column.align === "right" ? x + Math.max(0, width - title.length) : x;
  const after = canvas.put(start, 0, title, style);
  if (sorted) canvas.put(after, 0, arrow(state.descending, canvas), style);
}

/** In the gap after the title, so that titles stay above their numbers. */
function arrow(descending: boolean, canvas: Canvas): string {
  if (!canvas.unicode) return descending ? ">" : "<";
  return descending ? "▽" : "△";
}

/** The part of the state that affects how a row looks. */
export type RowLook = Pick<ScreenState, "view" | "fullCommand">;

/** Draws on the first row of a canvas. */
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
      // A number that is too long for its column extends to the left before it loses a digit.
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
  if (column.kind === "size" || column.kind === "share") {
    const value = column.amount(row, view);
    const { compactText, style } = LOOKS[column.kind];
    return {
      text: compact ? compactText(value) : cellText(column, row, view, format),
      style: row.exit === null ? style(value, view) : "faint",
    };
  }
  const text =
    column.id === "command"
      ? (fullCommand
          ? column.cell(row, view, format)
          : format.text(nameOf(row.task))) + describeEnd(row, ENDS)
      : cellText(column, row, view, format);
  return { text, style: row.exit === null ? "plain" : "faint" };
}

/** How amounts look. */
const LOOKS = {
  size: {
    compactText: compactBytes,
    style: (bytes: number | null, { accumulated }: View): Style =>
      accumulated ? sumStyle(bytes) : rateStyle(bytes),
  },
  share: { compactText: compactPercent, style: shareStyle },
} as const;

/** How the task ended, or how many did. */
const ENDS: EndWords = {
  many: (tasks) => ` (${tasks} ended)`,
  killed: (signal) => ` (signal ${signal})`,
  failed: (code) => ` (exit ${code})`,
  done: " (ended)",
};
