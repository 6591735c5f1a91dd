/** The bytes that turn the frame on the screen into the next one. */
import type { Frame } from "./frame.ts";
import type { Paint, Style } from "./theme.ts";

const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
const CLEAR = "\x1b[0m\x1b[2J";
const ERASE_TO_END = "\x1b[K";

/** Unchanged cells between two changes that cost less to write again than to jump over. */
const BRIDGE_CELLS = 6;

/**
 * Glyphs whose width every terminal agrees on: Latin, braille, lines, blocks and the triangles that we draw. After
 * any other one the cursor is placed anew, so that a terminal which disagrees cannot shift what follows.
 */
const SURE =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2500-\u25ff\u2800-\u28ff]$/;

/**
 * Text for one `print`: runs of changed cells, each placed absolutely, no newlines; "" if nothing changed. `before`
 * is null when the screen's content is unknown. The terminal must not wrap lines by itself.
 */
export function diffFrames(
  before: Frame | null,
  after: Frame,
  paint: Paint,
): string {
  const known =
    before !== null &&
    before.columns === after.columns &&
    before.rows === after.rows
      ? before
      : null;
  let out = "";
  for (let row = 0; row < after.rows; row++)
    out += diffRow(known, after, row, paint);
  if (known === null) return BEGIN + CLEAR + out + END;
  return out === "" ? "" : BEGIN + out + END;
}

function diffRow(
  before: Frame | null,
  after: Frame,
  row: number,
  paint: Paint,
): string {
  const start = row * after.columns;
  const end = start + after.columns;
  return changedRuns(before, after, start, end)
    .map(([from, to]) => writeRun(after, from, to, end, paint))
    .join("");
}

/** What has to be written of the row `start` to `end`, each run from its first cell to the one after its last. */
function changedRuns(
  before: Frame | null,
  after: Frame,
  start: number,
  end: number,
): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  for (let at = start; at < end; at++) {
    if (isSame(before, after, at)) continue;
    const last = runs.at(-1);
    if (last !== undefined && at - last[1] <= BRIDGE_CELLS) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  const first = runs[0]?.[0];
  if (first === undefined) return runs;
  // Where a width is disputed, cells to the right may have been overdrawn: the rest of the row is written again.
  // All wide glyphs are among these, so that no run ends inside one.
  if (isUnsure(after, start, end) || (before && isUnsure(before, start, end)))
    return [[wholeGlyph(before, after, first), end]];
  return runs;
}

function isSame(before: Frame | null, after: Frame, at: number): boolean {
  if (before === null) return isBlank(after, at);
  return (
    before.glyphs[at] === after.glyphs[at] &&
    before.styles[at] === after.styles[at]
  );
}

function isBlank(frame: Frame, at: number): boolean {
  return frame.glyphs[at] === " " && frame.styles[at] === "plain";
}

function isUnsure(frame: Frame, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const glyph = frame.glyphs[at]!;
    if (glyph !== "" && !SURE.test(glyph)) return true;
  }
  return false;
}

/** Steps back from the right half of a wide glyph, old or new, to its left half. */
function wholeGlyph(before: Frame | null, after: Frame, at: number): number {
  return after.glyphs[at] === "" || before?.glyphs[at] === "" ? at - 1 : at;
}

/** The cells `from` to `to` of a row that ends at `end`. */
function writeRun(
  frame: Frame,
  from: number,
  to: number,
  end: number,
  paint: Paint,
): string {
  let stop = to;
  if (to === end) while (stop > from && isBlank(frame, stop - 1)) stop--;
  const erase = end - stop > ERASE_TO_END.length && to === end;
  if (!erase) stop = to;

  let out = place(frame, from);
  let text = "";
  let style: Style = "plain";
  const flush = (): void => {
    if (text !== "") out += paint(style, text);
    text = "";
  };
  for (let at = from; at < stop; at++) {
    const glyph = frame.glyphs[at]!;
    if (glyph === "") continue;
    if (frame.styles[at] !== style) {
      flush();
      style = frame.styles[at]!;
    }
    if (SURE.test(glyph)) {
      text += glyph;
      continue;
    }
    flush();
    const cells = frame.glyphs[at + 1] === "" ? 2 : 1;
    // Blanks first: a terminal that takes the glyph for narrower would leave an old cell beside it.
    out += paint(style, " ".repeat(cells)) + place(frame, at);
    out += paint(style, glyph);
    if (at + cells < end) out += place(frame, at + cells);
  }
  flush();
  return erase ? out + ERASE_TO_END : out;
}

function place(frame: Frame, at: number): string {
  const row = Math.floor(at / frame.columns);
  return `\x1b[${row + 1};${at - row * frame.columns + 1}H`;
}
