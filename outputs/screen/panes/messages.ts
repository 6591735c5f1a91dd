/** Lines that are said for a while, or for as long as something is missing. */
import { fillLines, type Format } from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import type { MessageLine } from "../header/problem-lines.ts";
import type { Regions } from "../regions.ts";

/** What is missing, above the hints. */
export function drawLasting(
  canvas: Canvas,
  { noteTop, noteRows }: Regions,
  notes: readonly MessageLine[],
): void {
  notes.slice(0, noteRows).forEach(({ text, style }, i) => {
    canvas.put(0, noteTop + i, text, style);
  });
}

/** How many lines a message may take from a window of some height. */
const messageRows = (rows: number): number =>
  rows >= MANY_LINES_ROWS ? MANY_LINES : 1;
const MANY_LINES_ROWS = 24;
const MANY_LINES = 3;

/**
 * Over the last line, and if it is longer, over those above it, as far as there is room: nothing moves because of it. It
 * shows even in the smallest window.
 */
export function drawMessage(
  canvas: Canvas,
  message: string,
  format: Format,
): void {
  const { columns, rows } = canvas;
  const lines = fillLines(message, columns);
  const room = messageRows(rows);
  // The last one is cut, with a mark, if it is too long.
  const shown = [...lines.slice(0, room - 1), lines.slice(room - 1).join(" ")];
  const texts = shown.filter((text) => text !== "");
  texts.forEach((text, i) => {
    const y = rows - texts.length + i;
    canvas.fill(0, columns, y, "plain");
    canvas.put(0, y, format.text(text, columns), "warning");
  });
}
