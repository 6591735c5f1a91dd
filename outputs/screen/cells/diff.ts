/** The bytes that turn the frame on the screen into the next one. */
import { CellWriter, isBlank, type Written } from "./cell-writer.ts";
import { moveCursor } from "./cursor-motion.ts";
import {
  blankLine,
  glyphBytes,
  type Frame,
  type Line,
  type TerminalCursor,
} from "./frame.ts";
import { planScrolls, writeScrolls } from "./scroll.ts";
import type { Sgr } from "./sgr.ts";
import type { Style } from "./theme.ts";
import { orderWrites, type Run } from "./write-order.ts";

const SHOW_CURSOR = "\x1b[?25h";
const HIDE_CURSOR = "\x1b[?25l";
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
/** Resets margins and style as well, because another program may have left them. */
const CLEAR = `${HIDE_CURSOR}\x1b[r\x1b[m\x1b[2J`;
/** This much reaches the terminal in one piece anyway: the kernel passes on 2 KiB at a time. */
const AT_ONCE_BYTES = 1024;
/** The cost of deleting a cell and inserting another. */
const PULL_BYTES = 11;

/** What a terminal shows, and the style that it writes in. */
export interface Painted {
  readonly frame: Frame;
  /** Blanks do not show it: what else becomes blank, as in a window that grows, takes no ground from it. */
  readonly style: Style;
}

export interface Changes {
  /** For one `print`, without newlines; "" if nothing changed. */
  readonly text: string;
  readonly after: Painted;
}

/**
 * `before` is null if the screen's content is unknown; its style is one of `sgr`. The terminal must not wrap lines by
 * itself.
 */
export function diffFrames(
  before: Painted | null,
  frame: Frame,
  sgr: Sgr,
): Changes {
  const rows = frame.lines.length;
  if (
    before === null ||
    before.frame.columns !== frame.columns ||
    before.frame.lines.length !== rows
  ) {
    const blank = new Array<Line>(rows).fill(blankLine(frame.columns));
    const { text, style } = writeLines(blank, frame, sgr, "plain");
    const changes = CLEAR + text;
    const cursor = showCursor(null, frame.cursor, changes);
    return { text: BEGIN + changes + cursor + END, after: { frame, style } };
  }
  const { scrolls, shown } = planScrolls(before.frame, frame);
  const moved = writeScrolls(scrolls, rows);
  const written = writeLines(shown, frame, sgr, before.style);
  const drawn = moved + written.text;
  const changes = drawn + showCursor(before.frame.cursor, frame.cursor, drawn);
  const isAtOnce = Buffer.byteLength(changes) <= AT_ONCE_BYTES;
  return {
    text: isAtOnce ? changes : BEGIN + changes + END,
    after: { frame, style: written.style },
  };
}

/** After all else, as drawing moves it. */
function showCursor(
  before: TerminalCursor | null,
  after: TerminalCursor | null,
  drawn: string,
): string {
  const wasVisible = before?.isVisible ?? false;
  const isVisible = after?.isVisible ?? false;
  const mode =
    wasVisible === isVisible ? "" : isVisible ? SHOW_CURSOR : HIDE_CURSOR;
  const stays =
    after === null ||
    (drawn === "" && before?.x === after.x && before.y === after.y);
  return mode + (stays ? "" : moveCursor(null, after));
}

/** `shown` is what the terminal shows in each row. */
function writeLines(
  shown: readonly Line[],
  after: Frame,
  sgr: Sgr,
  style: Style,
): Written {
  const writer = new CellWriter(after, sgr, style);
  const runs = after.lines.flatMap((line, y) =>
    line === shown[y] ? [] : findRuns(y, shown[y]!, line, sgr),
  );
  for (const { y, from, to, pulled } of orderWrites(runs, style)) {
    if (!pulled) writer.write(y, from, to);
    else {
      writer.pull(y, from, to - 1);
      if (!isBlank(after.lines[y]!, to - 1, sgr)) writer.write(y, to - 1, to);
    }
  }
  return writer.finish();
}

function findRuns(y: number, old: Line, line: Line, sgr: Sgr): Run[] {
  const columns = line.glyphs.length;
  const runs: Run[] = [];
  let x = 0;
  const add = (from: number, to: number, pulled = false): void => {
    const style = firstStyle(line, from, to, sgr);
    runs.push({ y, from, to, style, pulled });
    x = to;
  };
  while (x < columns) {
    if (isSame(old, x, line, x, sgr)) {
      x++;
      continue;
    }
    // If terminals disagree on a width, cells to the right may have been overdrawn: the rest of the row is written
    // again. All wide glyphs are handled this way, so no run ends inside one.
    if (!line.isSure || !old.isSure) {
      const isHalf = line.glyphs[x] === "" || old.glyphs[x] === "";
      add(isHalf ? x - 1 : x, columns);
      continue;
    }
    const pulledTo = findPull(old, line, x, sgr);
    if (pulledTo > x) add(x, pulledTo + 1, true);
    else add(x, findEnd(old, line, x, sgr));
  }
  return runs;
}

function firstStyle(line: Line, from: number, to: number, sgr: Sgr): Style {
  let x = from;
  while (x < to - 1 && isBlank(line, x, sgr)) x++;
  return line.styles[x]!;
}

/** The column where the changed cells end, or another style begins. */
function findEnd(old: Line, line: Line, from: number, sgr: Sgr): number {
  let style: Style | null = null;
  let x = from;
  for (; x < line.glyphs.length && !isSame(old, x, line, x, sgr); x++) {
    if (isBlank(line, x, sgr)) continue;
    style ??= line.styles[x]!;
    if (line.styles[x] !== style) break;
  }
  return x;
}

/**
 * Finds cells that moved one to the left, like those of a graph. Returns the column after them, where the content is
 * new, or `x` itself if the move would not save bytes.
 */
function findPull(old: Line, line: Line, x: number, sgr: Sgr): number {
  let end = x;
  let sparedBytes = 0;
  while (end + 1 < line.glyphs.length && isSame(old, end + 1, line, end, sgr)) {
    if (!isSame(old, end, line, end, sgr))
      sparedBytes += glyphBytes(line.glyphs[end]!);
    end++;
  }
  return sparedBytes > PULL_BYTES ? end : x;
}

/** Whether two cells look the same. */
function isSame(
  a: Line,
  aColumn: number,
  b: Line,
  bColumn: number,
  sgr: Sgr,
): boolean {
  if (a.glyphs[aColumn] !== b.glyphs[bColumn]) return false;
  return (
    a.styles[aColumn] === b.styles[bColumn] ||
    (isBlank(a, aColumn, sgr) && isBlank(b, bColumn, sgr))
  );
}
