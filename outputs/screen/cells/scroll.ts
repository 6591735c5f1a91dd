/** Moves rows on the terminal that only moved up or down, instead of writing them again. */
import { csi, placeCursor } from "./cursor-motion.ts";
import { blankLine, glyphBytes, type Frame, type Line } from "./frame.ts";

/** The rows `top` to `bottom` move by `by`, down if it is above 0; as many rows become blank. */
export interface Scroll {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

export interface ScrollPlan {
  readonly scrolls: readonly Scroll[];
  /** What each row shows after them. */
  readonly shown: readonly Line[];
}

/** The cost of a scroll with its margins, in bytes. */
const SCROLL_BYTES = 20;
const MAX_SCROLLS = 4;
/** The cost of moving to another part of a row, in bytes. */
const MOVE_BYTES = 6;

/** Finds scrolls that save bytes, by the subjects of the lines, and weighs them by the content. */
export function planScrolls(before: Frame, after: Frame): ScrollPlan {
  let shown = before.lines;
  const scrolls: Scroll[] = [];
  if (!hasMoved(before, after)) return { scrolls, shown };
  const blank = blankLine(after.columns);
  const costOf = rememberCosts(after);
  while (scrolls.length < MAX_SCROLLS) {
    let best: { scroll: Scroll; shown: readonly Line[] } | null = null;
    let mostSpared = SCROLL_BYTES;
    for (const scroll of findScrolls(shown, after.lines)) {
      const next = applyScroll(shown, scroll, blank);
      let spared = 0;
      for (let y = scroll.top; y <= scroll.bottom; y++)
        spared += costOf(y, shown[y]!) - costOf(y, next[y]!);
      if (spared <= mostSpared) continue;
      best = { scroll, shown: next };
      mostSpared = spared;
    }
    if (best === null) break;
    scrolls.push(best.scroll);
    shown = best.shown;
  }
  return { scrolls, shown };
}

function hasMoved(before: Frame, after: Frame): boolean {
  const known = new Set(before.lines.map(({ subject }) => subject));
  return after.lines.some(
    ({ subject }, y) =>
      subject !== null &&
      subject !== before.lines[y]!.subject &&
      known.has(subject),
  );
}

/** One scroll for each block of lines that moved by the same number of rows. */
function findScrolls(
  shown: readonly Line[],
  wanted: readonly Line[],
): readonly Scroll[] {
  const rowOf = new Map(shown.map(({ subject }, y) => [subject, y]));
  const scrolls: Scroll[] = [];
  let block = { by: 0, from: 0, to: 0 };
  const end = (): void => {
    if (block.by !== 0) scrolls.push(scrollOf(block));
  };
  wanted.forEach(({ subject }, y) => {
    const from = subject === null ? undefined : rowOf.get(subject);
    if (from === undefined) return;
    if (block.by === y - from) return void (block.to = y);
    end();
    block = { by: y - from, from: y, to: y };
  });
  end();
  return scrolls;
}

/** The scroll that brings a block to its new rows `from` to `to`. */
function scrollOf(block: { by: number; from: number; to: number }): Scroll {
  const { by, from, to } = block;
  return by > 0
    ? { top: from - by, bottom: to, by }
    : { top: from, bottom: to - by, by };
}

function applyScroll(
  shown: readonly Line[],
  { top, bottom, by }: Scroll,
  blank: Line,
): readonly Line[] {
  return shown.map((line, y) => {
    if (y < top || y > bottom) return line;
    const source = y - by;
    return source < top || source > bottom ? blank : shown[source]!;
  });
}

type CostOf = (y: number, shown: Line) => number;

/** Estimates how many bytes it takes to turn the content of a row into that of the frame. */
function rememberCosts(after: Frame): CostOf {
  const known = after.lines.map(() => new Map<Line, number>());
  return (y, shown) => {
    let cost = known[y]!.get(shown);
    if (cost === undefined) {
      cost = costBetween(shown, after.lines[y]!);
      known[y]!.set(shown, cost);
    }
    return cost;
  };
}

function costBetween(shown: Line, wanted: Line): number {
  if (shown === wanted) return 0;
  let bytes = 0;
  let unchanged = MOVE_BYTES;
  for (let x = 0; x < wanted.glyphs.length; x++) {
    const glyph = wanted.glyphs[x]!;
    if (glyph === shown.glyphs[x]) {
      unchanged++;
      continue;
    }
    bytes += glyphBytes(glyph) + Math.min(unchanged, MOVE_BYTES);
    unchanged = 0;
  }
  return bytes;
}

/** The style must be one that blanks do not show: new rows take its ground. Afterwards the cursor may be anywhere. */
export function writeScrolls(
  scrolls: readonly Scroll[],
  screenRows: number,
): string {
  let out = "";
  let bottom = screenRows - 1;
  for (const scroll of scrolls) {
    // The upper margin need not be set: lines are inserted and deleted below the cursor.
    if (scroll.bottom !== bottom) {
      bottom = scroll.bottom;
      out += `\x1b[;${bottom + 1}r`;
    }
    out += placeCursor({ x: 0, y: scroll.top });
    out += scroll.by > 0 ? csi(scroll.by, "L") : csi(-scroll.by, "M");
  }
  return bottom === screenRows - 1 ? out : `${out}\x1b[r`;
}
