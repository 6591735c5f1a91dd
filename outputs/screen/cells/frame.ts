/** A frame is a picture of the screen: lines of cells, and the canvas on which text is drawn. */
import { onBar, type Style } from "./theme.ts";

/** One row of the screen. Lines that are the same object look the same. */
export interface Line {
  /** One entry a cell: a grapheme; "" for the right half of a wide one; never a control character. */
  readonly glyphs: readonly string[];
  readonly styles: readonly Style[];
  /** Identifies the line's content, so that it is found again after it has moved; null: the line does not move. */
  readonly subject: string | null;
  /** Whether every terminal agrees on the width of each glyph, and none is wide. */
  readonly isSure: boolean;
}

export interface Frame {
  readonly columns: number;
  readonly lines: readonly Line[];
  /** Where the terminal's cursor is, even if it is hidden: screen readers and magnifiers follow it. Null: anywhere. */
  readonly cursor: TerminalCursor | null;
}

export interface TerminalCursor {
  readonly x: number;
  readonly y: number;
  readonly isVisible: boolean;
}

interface OwnLine extends Line {
  readonly glyphs: string[];
  readonly styles: Style[];
  isSure: boolean;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/**
 * Glyphs whose width every terminal agrees on: Latin, braille, lines, blocks and the triangles that we draw. Two squares
 * among these (U+25FD, U+25FE) are emoji and wide.
 */
const SURE =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2026\u2265\u2500-\u25fc\u25ff\u2800-\u28ff]*$/;
const CONTROL = /\p{C}/u;
/** Stands for a grapheme that cannot be drawn. */
const REPLACEMENT = "?";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** For the width that was last asked for: there is only one window. */
let lastBlank: Line = { glyphs: [], styles: [], subject: null, isSure: true };

export function blankLine(columns: number): Line {
  if (lastBlank.glyphs.length !== columns)
    lastBlank = {
      glyphs: new Array<string>(columns).fill(" "),
      styles: new Array<Style>(columns).fill("plain"),
      subject: null,
      isSure: true,
    };
  return lastBlank;
}

/** A separate line, to be used again as long as it looks the same. */
export function drawLine(
  columns: number,
  unicode: boolean,
  subject: string | null,
  draw: (canvas: Canvas) => void,
): Line {
  const canvas = new Canvas(columns, 1, unicode);
  draw(canvas);
  return { ...canvas.lines[0]!, subject };
}

export class Canvas implements Frame {
  readonly columns: number;
  readonly rows: number;
  /** False: everything outside ASCII becomes question marks of the same width. */
  readonly unicode: boolean;
  readonly lines: Line[];
  cursor: TerminalCursor | null = null;
  /** Lines that only this canvas uses; other lines are copied before they are drawn on. */
  readonly #own: (OwnLine | undefined)[] = [];

  constructor(columns: number, rows: number, unicode: boolean) {
    this.columns = columns;
    this.rows = rows;
    this.unicode = unicode;
    this.lines = new Array<Line>(rows).fill(blankLine(columns));
  }

  /** Puts a whole line into a row. */
  place(y: number, line: Line): void {
    if (y < 0 || y >= this.rows) return;
    this.lines[y] = line;
    this.#own[y] = undefined;
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
    const line = this.#lineAt(y);
    if (line === null) return x;
    if ((this.unicode ? SURE : PRINTABLE_ASCII).test(text)) {
      const after = Math.max(x, Math.min(end, x + text.length));
      if (line.isSure) {
        for (let at = x; at < after; at++) line.glyphs[at] = text[at - x]!;
        line.styles.fill(style, x, after);
      } else
        for (let at = x; at < after; at++)
          setCell(line, at, text[at - x]!, style);
      return after;
    }
    line.isSure = false;
    for (const { segment } of segmenter.segment(text)) {
      const cells = this.#cells(segment);
      if (x + cells.length > end) break;
      for (const cell of cells) setCell(line, x++, cell, style);
    }
    return x;
  }

  /** Fills cells of one row with blanks of a style. */
  fill(from: number, to: number, y: number, style: Style): void {
    const cells = Math.min(to, this.columns) - Math.max(0, from);
    if (cells > 0) this.put(Math.max(0, from), y, " ".repeat(cells), style);
  }

  /** Puts the bar of the selected row under cells, which keep their text and colours. */
  select(from: number, to: number, y: number): void {
    const styles = this.#lineAt(y)?.styles ?? [];
    for (let x = from; x < Math.min(to, styles.length); x++)
      styles[x] = onBar(styles[x]!);
  }

  #lineAt(y: number): OwnLine | null {
    if (y < 0 || y >= this.rows) return null;
    let line = this.#own[y];
    if (line === undefined) {
      const { glyphs, styles, subject, isSure } = this.lines[y]!;
      line = {
        glyphs: glyphs.slice(),
        styles: styles.slice(),
        subject,
        isSure,
      };
      this.lines[y] = line;
      this.#own[y] = line;
    }
    return line;
  }

  /** The cells of one grapheme: none if it shows nothing by itself. */
  #cells(segment: string): readonly string[] {
    if (this.unicode && isSure(segment)) return [segment];
    const width = Bun.stringWidth(segment);
    if (width === 0) return [];
    if (width > 2 || CONTROL.test(segment.replaceAll("\u200d", "")))
      return [REPLACEMENT];
    if (!this.unicode && !PRINTABLE_ASCII.test(segment))
      return new Array<string>(width).fill(REPLACEMENT);
    return width === 2 ? [segment, ""] : [segment];
  }
}

/** Half a wide character cannot stay: the other half becomes blank. */
function setCell(line: OwnLine, x: number, glyph: string, style: Style): void {
  const { glyphs, styles } = line;
  if (glyph !== "" && glyphs[x] === "" && x > 0) glyphs[x - 1] = " ";
  if (glyphs[x + 1] === "") glyphs[x + 1] = " ";
  glyphs[x] = glyph;
  styles[x] = style;
}

/** Whether every terminal agrees on the width of a glyph. */
export function isSure(glyph: string): boolean {
  return glyph.length === 1 && SURE.test(glyph);
}

/** The length in UTF-8, roughly: a glyph with many code points is longer. */
export function glyphBytes(glyph: string): number {
  const code = glyph.charCodeAt(0);
  return code <= 0x7f ? 1 : code <= 0x7ff ? 2 : 3;
}
