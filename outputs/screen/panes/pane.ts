/** The window of a prompt: a list with a cursor. */
import type { Canvas } from "../cells/frame.ts";
import type { Pane } from "../input/prompts/prompt-kind.ts";
import { MARGIN_CELLS, drawWindow } from "./window.ts";

/** Over the rows from `fromRow` to `toRow`, exclusive. */
export function drawPane(
  canvas: Canvas,
  { title, lines, selected }: Pane,
  fromRow: number,
  toRow: number,
): void {
  const widest = Math.max(...lines.map((text) => Bun.stringWidth(text)));
  const width = Math.min(canvas.columns, widest + 2 * MARGIN_CELLS);
  const mark = canvas.unicode ? "…" : "~";
  const room = Math.max(1, toRow - fromRow - 2);
  const { top, visible } = drawWindow(canvas, {
    title,
    lines: lines.map((text) => [
      { text: fit(text, width - 2 * MARGIN_CELLS, mark), style: "plain" },
    ]),
    // The line under the cursor is in the middle, where the list is longer than the window.
    top: selected - Math.floor(room / 2),
    fromRow,
    toRow,
    width,
  });
  const line = selected - top;
  if (line < 0 || line >= visible) return;
  const x = Math.floor((canvas.columns - width) / 2);
  canvas.select(x + 1, x + width - 1, fromRow + 1 + line);
}

/** What is said of columns is ASCII: a character is a cell. */
function fit(text: string, cells: number, mark: string): string {
  return text.length <= cells ? text : text.slice(0, cells - 1) + mark;
}
