/** A window with a border over the frame. */
import type { Canvas } from "../cells/frame.ts";
import { drawSpans, type Spans } from "./spans.ts";

export interface Window {
  readonly title: string;
  readonly lines: readonly Spans[];
  /** First line that is shown; fewer are hidden above if the rest has room. */
  readonly top: number;
  /** Screen rows from `fromRow` to `toRow`, exclusive. */
  readonly fromRow: number;
  readonly toRow: number;
  /** With its border. */
  readonly width: number;
}

/** The border and a blank at each side. */
export const MARGIN_CELLS = 2;

/** Returns the first line that is shown, and how many are. */
export function drawWindow(
  canvas: Canvas,
  { title, lines, top, fromRow, toRow, width }: Window,
): { readonly top: number; readonly visible: number } {
  const height = Math.min(toRow - fromRow, lines.length + 2);
  const visible = Math.max(0, height - 2);
  const first = Math.max(0, Math.min(top, lines.length - visible));
  const x = Math.floor((canvas.columns - width) / 2);
  const end = x + width - 1;
  const { corners, side, edge } = canvas.unicode
    ? { corners: "┌┐└┘", side: "│", edge: "─" }
    : { corners: "++++", side: "|", edge: "-" };
  const border = (y: number, left: string, right: string, label: string) => {
    canvas.put(
      x,
      y,
      left + edge.repeat(Math.max(0, width - 2)) + right,
      "strong",
    );
    canvas.put(x + 2, y, label, "strong", end);
  };
  border(fromRow, corners[0]!, corners[1]!, ` ${title} `);
  for (let i = 0; i < visible; i++) {
    const y = fromRow + 1 + i;
    canvas.fill(x, x + width, y, "plain");
    canvas.put(x, y, side, "strong");
    drawSpans(canvas, y, lines[first + i] ?? [], x + MARGIN_CELLS, end);
    canvas.put(end, y, side, "strong");
  }
  const hidden = lines.length - first - visible;
  const more = [first > 0 && `${first} above`, hidden > 0 && `${hidden} below`]
    .filter((part) => part !== false)
    .join(", ");
  border(
    fromRow + height - 1,
    corners[2]!,
    corners[3]!,
    more === "" ? "" : ` ${more} `,
  );
  return { top: first, visible };
}
