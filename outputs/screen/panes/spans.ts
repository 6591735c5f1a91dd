/** Lines of styled text, and their drawing. Pure. */
import type { Canvas } from "../cells/frame.ts";
import type { Style } from "../cells/theme.ts";

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** From left to right. */
export type Spans = readonly Span[];

export function drawSpans(
  canvas: Canvas,
  y: number,
  spans: Spans,
  from = 0,
  limit = canvas.columns,
): number {
  let x = from;
  for (const { text, style } of spans)
    x = canvas.put(x, y, text, style ?? "plain", limit);
  return x;
}

/** Text at the right end of so many cells; longer text stays as it is. */
export function padLeft(text: string, cells: number): string {
  return " ".repeat(Math.max(0, cells - Bun.stringWidth(text))) + text;
}

export function padRight(text: string, cells: number): string {
  return text + " ".repeat(Math.max(0, cells - Bun.stringWidth(text)));
}

export const cellsOf = (spans: Spans): number =>
  spans.reduce((sum, { text }) => sum + Bun.stringWidth(text), 0);

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;

/**
 * Words in lines of at most so many cells, all but the first indented. A word too long for a line goes on in the next.
 * Nothing is left out but the blanks at which lines end.
 */
export function wrapWords(
  words: readonly string[],
  cells: number,
  indent: number,
): readonly string[] {
  const blanks = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const roomOf = (): number =>
    Math.max(1, cells - (lines.length === 0 ? 0 : indent));
  const end = (): void => {
    lines.push(lines.length === 0 ? line : blanks + line);
    line = "";
    used = 0;
  };
  for (const word of words) {
    const wordCells = cellsOfText(word);
    if (used > 0 && used + 1 + wordCells > roomOf()) end();
    if (used > 0) {
      line += " ";
      used++;
    }
    if (wordCells <= roomOf()) {
      line += word;
      used += wordCells;
      continue;
    }
    for (const piece of piecesOf(word)) {
      const pieceCells = cellsOfText(piece);
      if (used > 0 && used + pieceCells > roomOf()) end();
      line += piece;
      used += pieceCells;
    }
  }
  if (used > 0 || lines.length === 0) end();
  return lines;
}

const cellsOfText = (text: string): number =>
  ASCII.test(text) ? text.length : Bun.stringWidth(text);

const piecesOf = (word: string): readonly string[] =>
  ASCII.test(word)
    ? [...word]
    : [...graphemes.segment(word)].map(({ segment }) => segment);
