/** A picture of the screen: a grid of cells, and the pen that draws text on it. */
import type { Style } from "./theme.ts";

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** One entry a cell, row by row: a grapheme; "" for the right half of a wide one; never a control character. */
  readonly glyphs: readonly string[];
  readonly styles: readonly Style[];
  /** What each row is about, so that it is found again where it moved to; null: nothing that moves. */
  readonly subjects: readonly (string | null)[];
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const CONTROL = /\p{C}/u;
/** What stands for a grapheme that cannot be drawn. */
const REPLACEMENT = "?";

/**
 * Whether every terminal agrees on the width of a glyph: Latin, braille, lines, blocks and the triangles that we draw.
 */
export function isSure(glyph: string): boolean {
  const code = glyph.charCodeAt(0);
  return (
    glyph.length === 1 &&
    ((code >= 0x20 && code <= 0x7e) ||
      (code >= 0xa1 && code <= 0x2ff && code !== 0xad) ||
      (code >= 0x2500 && code <= 0x25ff) ||
      (code >= 0x2800 && code <= 0x28ff))
  );
}

/** In UTF-8, nearly: a glyph of many code points is longer. */
export function glyphBytes(glyph: string): number {
  const code = glyph.charCodeAt(0);
  return code <= 0x7f ? 1 : code <= 0x7ff ? 2 : 3;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export class Canvas implements Frame {
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: string[];
  readonly styles: Style[];
  readonly subjects: (string | null)[];
  /** False: everything outside ASCII becomes question marks of the same width. */
  readonly unicode: boolean;

  constructor(columns: number, rows: number, unicode: boolean) {
    this.columns = columns;
    this.rows = rows;
    this.unicode = unicode;
    this.glyphs = new Array<string>(columns * rows).fill(" ");
    this.styles = new Array<Style>(columns * rows).fill("plain");
    this.subjects = new Array<string | null>(rows).fill(null);
  }

  /** Draws text from a cell to the right, cut at `limit` (a column, exclusive). Returns the column after it. */
  put(
    x: number,
    y: number,
    text: string,
    style: Style = "plain",
    limit: number = this.columns,
  ): number {
    const end = Math.min(limit, this.columns);
    if (y < 0 || y >= this.rows) return x;
    if (PRINTABLE_ASCII.test(text)) {
      for (let i = 0; i < text.length && x < end; i++, x++)
        this.#set(x, y, text[i]!, style);
      return x;
    }
    for (const { segment } of segmenter.segment(text)) {
      const cells = this.#cells(segment);
      if (x + cells.length > end) break;
      for (const cell of cells) this.#set(x++, y, cell, style);
    }
    return x;
  }

  /** Draws text so that it ends before a column. */
  putRight(end: number, y: number, text: string, style: Style = "plain"): void {
    this.put(Math.max(0, end - Bun.stringWidth(text)), y, text, style, end);
  }

  /** Fills cells of one row with blanks of a style. */
  fill(from: number, to: number, y: number, style: Style): void {
    if (y < 0 || y >= this.rows) return;
    for (let x = Math.max(0, from); x < Math.min(to, this.columns); x++)
      this.#set(x, y, " ", style);
  }

  /** Gives cells of one row another style and leaves their text. */
  restyle(from: number, to: number, y: number, style: Style): void {
    if (y < 0 || y >= this.rows) return;
    this.styles.fill(style, this.#at(from, y), this.#at(to, y));
  }

  #at(x: number, y: number): number {
    return y * this.columns + x;
  }

  /** Half a wide character cannot stay: the other half becomes blank. */
  #set(x: number, y: number, glyph: string, style: Style): void {
    const at = this.#at(x, y);
    if (glyph !== "" && this.glyphs[at] === "" && x > 0)
      this.glyphs[at - 1] = " ";
    if (x + 1 < this.columns && this.glyphs[at + 1] === "")
      this.glyphs[at + 1] = " ";
    this.glyphs[at] = glyph;
    this.styles[at] = style;
  }

  /** The cells of one grapheme: none if it shows nothing by itself. */
  #cells(segment: string): readonly string[] {
    const width = Bun.stringWidth(segment);
    if (width === 0) return [];
    if (width > 2 || CONTROL.test(segment.replaceAll("\u200d", "")))
      return [REPLACEMENT];
    if (!this.unicode && !PRINTABLE_ASCII.test(segment))
      return new Array<string>(width).fill(REPLACEMENT);
    return width === 2 ? [segment, ""] : [segment];
  }
}
