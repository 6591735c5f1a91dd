/** The bytes that turn the frame on the screen into the next one. */
import { CellWriter, isBlank } from "./cell-writer.ts";
import { glyphBytes, isSure, type Frame } from "./frame.ts";
import type { Pens } from "./pen.ts";
import { planScrolls, writeScrolls } from "./scroll.ts";

const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
/** Margins and style as well: another program may have left them. */
const CLEAR = "\x1b[r\x1b[m\x1b[2J";
/** So few characters arrive at once, also without marks. */
const AT_ONCE_LENGTH = 128;

/** What it takes to delete a cell and to insert another. */
const PULL_BYTES = 12;

/**
 * Text for one `print`, no newlines; "" if nothing changed. `before` is null when the screen's content is unknown.
 * The terminal must not wrap lines by itself; its style is plain before and after.
 */
export function diffFrames(
  before: Frame | null,
  after: Frame,
  pens: Pens,
): string {
  if (
    before === null ||
    before.columns !== after.columns ||
    before.rows !== after.rows
  ) {
    const blank = new Array<null>(after.rows).fill(null);
    return BEGIN + CLEAR + writeRows(null, blank, after, pens) + END;
  }
  const { scrolls, shown } = planScrolls(before, after);
  const moved = writeScrolls(scrolls, after.rows);
  const text = writeRows(before, shown, after, pens);
  if (moved === "" && text.length <= AT_ONCE_LENGTH) return text;
  return BEGIN + moved + text + END;
}

/** Each row of the screen shows a row of the earlier frame, or nothing. */
function writeRows(
  before: Frame | null,
  shown: readonly (number | null)[],
  after: Frame,
  pens: Pens,
): string {
  const writer = new CellWriter(after, pens);
  for (let y = 0; y < after.rows; y++)
    writeRow(writer, before, shown[y]!, after, y, pens);
  return writer.finish();
}

function writeRow(
  writer: CellWriter,
  before: Frame | null,
  shownRow: number | null,
  after: Frame,
  y: number,
  pens: Pens,
): void {
  const { columns } = after;
  const start = y * columns;
  const old = before === null || shownRow === null ? null : before;
  const oldStart = old === null ? 0 : shownRow! * columns;
  for (let x = 0; x < columns; x++) {
    if (isSame(old, oldStart + x, after, start + x, pens)) continue;
    // Where a width is disputed, cells to the right may have been overdrawn: the rest of the row is written again.
    // All wide glyphs are among these, so that no run ends inside one.
    if (isUnsure(after, start) || (old !== null && isUnsure(old, oldStart))) {
      const isHalf =
        after.glyphs[start + x] === "" || old?.glyphs[oldStart + x] === "";
      return writer.write(y, isHalf ? x - 1 : x, columns);
    }
    if (old !== null) {
      const end = findPull(old, oldStart, after, start, x, pens);
      if (end > x) {
        writer.pull(y, x, end);
        if (!isBlank(after, pens, start + end)) writer.write(y, end, end + 1);
        x = end;
        continue;
      }
    }
    const from = x++;
    while (x < columns && !isSame(old, oldStart + x, after, start + x, pens))
      x++;
    writer.write(y, from, x);
  }
}

/**
 * Where cells moved one to the left, as those of a graph do: the column behind them, which has something new. The
 * column `x` itself if it would not spare bytes.
 */
function findPull(
  old: Frame,
  oldStart: number,
  after: Frame,
  start: number,
  x: number,
  pens: Pens,
): number {
  let end = x;
  let sparedBytes = 0;
  while (
    end + 1 < after.columns &&
    isSame(old, oldStart + end + 1, after, start + end, pens)
  ) {
    if (!isSame(old, oldStart + end, after, start + end, pens))
      sparedBytes += glyphBytes(after.glyphs[start + end]!);
    end++;
  }
  return sparedBytes > PULL_BYTES ? end : x;
}

/** Whether two cells look the same; without an earlier frame, whether the cell is blank. */
function isSame(
  before: Frame | null,
  oldAt: number,
  after: Frame,
  at: number,
  pens: Pens,
): boolean {
  if (before === null) return isBlank(after, pens, at);
  if (before.glyphs[oldAt] !== after.glyphs[at]) return false;
  return (
    before.styles[oldAt] === after.styles[at] ||
    (isBlank(before, pens, oldAt) && isBlank(after, pens, at))
  );
}

function isUnsure(frame: Frame, start: number): boolean {
  for (let at = start; at < start + frame.columns; at++) {
    const glyph = frame.glyphs[at]!;
    if (glyph !== "" && !isSure(glyph)) return true;
  }
  return false;
}
