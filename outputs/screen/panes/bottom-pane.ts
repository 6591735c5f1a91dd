/** What opens below the list, in a part of its rows: a title in a rule, and lines that can be scrolled. */
import type { Canvas } from "../cells/frame.ts";
import { drawSpans, type Spans } from "./spans.ts";

/** Where it is: screen rows, with that of its title. */
export interface PanePlace {
  readonly fromRow: number;
  readonly rows: number;
  /** First line that is asked for. */
  readonly top: number;
}

export interface PaneContent {
  /** The most important ones first. */
  readonly titleParts: readonly string[];
  readonly lines: readonly Spans[];
}

/** Rows of the list that it leaves, at least; the selected one alone where there are few. */
const MIN_LIST_ROWS = 3;
const FEW_ROWS = 8;
const SHARE = 0.56;

/** How many of the rows of the list it takes. */
export function bottomPaneRows(bodyRows: number): number {
  const least = bodyRows < FEW_ROWS ? 1 : MIN_LIST_ROWS;
  const rows = Math.max(Math.round(bodyRows * SHARE), 6);
  return Math.max(0, Math.min(rows, bodyRows - least));
}

/** @returns first line of the next page; 0 after the last one */
export function drawBottomPane(
  canvas: Canvas,
  { fromRow, rows, top: wantedTop }: PanePlace,
  { titleParts, lines }: PaneContent,
): number {
  const visible = rows - 1;
  const top = Math.max(0, Math.min(wantedTop, lines.length - visible));
  const end = top + visible;
  const isWhole = top === 0 && end >= lines.length;
  const last = Math.min(end, lines.length);
  const place = isWhole ? "" : ` ${top + 1}-${last} of ${lines.length} `;
  drawTitle(canvas, fromRow, titleParts, place);
  for (let i = 0; i < visible; i++) {
    const y = fromRow + 1 + i;
    canvas.fill(0, canvas.columns, y, "plain");
    drawSpans(canvas, y, lines[top + i] ?? []);
  }
  return end < lines.length ? end : 0;
}

function drawTitle(
  canvas: Canvas,
  y: number,
  parts: readonly string[],
  place: string,
): void {
  const { columns, unicode } = canvas;
  const edge = unicode ? "─" : "-";
  canvas.put(0, y, edge.repeat(columns), "faint");
  let x = 0;
  for (const part of parts) {
    const cells = Bun.stringWidth(`${edge} ${part} `);
    if (x > 0 && x + cells + place.length + 2 > columns) break;
    x = canvas.put(x, y, edge, "faint");
    x = canvas.put(x, y, ` ${part} `, x === 1 ? "strong" : "plain");
  }
  if (place !== "" && x + place.length + 1 < columns)
    canvas.put(columns - place.length - 1, y, place, "faint");
}
