/** Rows that only moved up or down are moved on the terminal, not written again. */
import { csi, placeCursor } from "./cursor.ts";
import { glyphBytes, type Frame } from "./frame.ts";

/** The rows `top` to `bottom` move by `by`, down if it is above 0; as many rows become blank. */
export interface Scroll {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

/** For each row of the screen the row of the earlier frame that it shows; null where it is blank. */
export type ShownRows = readonly (number | null)[];

export interface ScrollPlan {
  readonly scrolls: readonly Scroll[];
  /** After the scrolls. */
  readonly shown: ShownRows;
}

/** What a scroll costs with its margins, in bytes. */
const SCROLL_COST = 20;
const MAX_SCROLLS = 4;
/** What it costs to go to another part of a row, in bytes. */
const MOVE_COST = 6;

/** Which scrolls spare bytes: from what the rows are about, and by what they show. */
export function planScrolls(before: Frame, after: Frame): ScrollPlan {
  let shown: ShownRows = Array.from({ length: after.rows }, (_, y) => y);
  const scrolls: Scroll[] = [];
  if (!hasMoved(before, after)) return { scrolls, shown };
  const costs = new Map<number, number>();
  const costOf = (y: number, from: number | null): number => {
    const key = y * after.rows + (from ?? -1) + after.rows;
    let cost = costs.get(key);
    if (cost === undefined) {
      cost = rowCost(before, from, after, y);
      costs.set(key, cost);
    }
    return cost;
  };
  while (scrolls.length < MAX_SCROLLS) {
    let best: { scroll: Scroll; shown: ShownRows; gain: number } | null = null;
    for (const scroll of findScrolls(before, after, shown)) {
      const next = applyScroll(shown, scroll);
      let gain = -SCROLL_COST;
      for (let y = scroll.top; y <= scroll.bottom; y++)
        gain += costOf(y, shown[y]!) - costOf(y, next[y]!);
      if (gain > (best?.gain ?? 0)) best = { scroll, shown: next, gain };
    }
    if (best === null) break;
    scrolls.push(best.scroll);
    shown = best.shown;
  }
  return { scrolls, shown };
}

function hasMoved(before: Frame, after: Frame): boolean {
  const known = new Set(before.subjects);
  return after.subjects.some(
    (subject, y) =>
      subject !== null && subject !== before.subjects[y] && known.has(subject),
  );
}

/** One for each block of rows that moved by the same number of rows. */
function findScrolls(
  before: Frame,
  after: Frame,
  shown: ShownRows,
): readonly Scroll[] {
  const rowOf = new Map<string, number>();
  shown.forEach((from, y) => {
    const subject = from === null ? null : before.subjects[from];
    if (subject != null) rowOf.set(subject, y);
  });
  const scrolls: Scroll[] = [];
  let block: { by: number; from: number; to: number } | null = null;
  const end = (): void => {
    if (block !== null && block.by !== 0) scrolls.push(scrollOf(block));
  };
  after.subjects.forEach((subject, y) => {
    const from = subject === null ? undefined : rowOf.get(subject);
    if (from === undefined) return;
    if (block?.by === y - from) return void (block.to = y);
    end();
    block = { by: y - from, from: y, to: y };
  });
  end();
  return scrolls;
}

/** Brings a block to its new rows `from` to `to`. */
function scrollOf(block: { by: number; from: number; to: number }): Scroll {
  const { by, from, to } = block;
  return by > 0
    ? { top: from - by, bottom: to, by }
    : { top: from, bottom: to - by, by };
}

function applyScroll(shown: ShownRows, { top, bottom, by }: Scroll): ShownRows {
  return shown.map((from, y) => {
    if (y < top || y > bottom) return from;
    const source = y - by;
    return source < top || source > bottom ? null : shown[source]!;
  });
}

/** About how many bytes it takes to turn one row into the other. */
function rowCost(
  before: Frame,
  from: number | null,
  after: Frame,
  y: number,
): number {
  const { columns } = after;
  let cost = 0;
  let unchanged = MOVE_COST;
  for (let x = 0; x < columns; x++) {
    const glyph = after.glyphs[y * columns + x]!;
    const old = from === null ? " " : before.glyphs[from * columns + x]!;
    if (glyph === old) {
      unchanged++;
      continue;
    }
    cost += glyphBytes(glyph) + Math.min(unchanged, MOVE_COST);
    unchanged = 0;
  }
  return cost;
}

/** The style must be plain: new rows may take its colours. The cursor is anywhere after it. */
export function writeScrolls(
  scrolls: readonly Scroll[],
  screenRows: number,
): string {
  if (scrolls.length === 0) return "";
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
