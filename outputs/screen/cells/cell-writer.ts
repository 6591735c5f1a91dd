/** Writes cells of a frame with few bytes: it tracks the cursor and the current style. */
import { csi, moveCursor, type Position } from "./cursor-motion.ts";
import { isSure, type Frame, type Line } from "./frame.ts";
import type { Sgr } from "./sgr.ts";
import type { Style } from "./theme.ts";

/** The cost of erasing instead of writing blanks, without and with a move past them, in bytes. */
const ERASE_COST = 5;
const ERASE_AND_SKIP_COST = 10;
/** The cells to the right of it move left. */
const DELETE_CELL = "\x1b[P";
const INSERT_CELL = "\x1b[@";
const ERASE_TO_END = "\x1b[K";
/** Cells that cost no more to write, though they may be on the screen already, than to jump over. */
const MAX_RETYPED = 4;

export interface Written {
  readonly text: string;
  /** The terminal's style after it: one that blanks do not show. */
  readonly style: Style;
}

export class CellWriter {
  readonly #lines: readonly Line[];
  readonly #columns: number;
  readonly #sgr: Sgr;
  #out = "";
  /** Null if unknown. After a glyph in the last column the cursor stays there. */
  #x: number | null = null;
  #y = 0;
  #style: Style;

  /** For a terminal with that style, whatever the cursor's position. */
  constructor({ columns, lines }: Frame, sgr: Sgr, style: Style) {
    this.#columns = columns;
    this.#lines = lines;
    this.#sgr = sgr;
    this.#style = style;
  }

  finish(): Written {
    this.#hideStyle();
    return { text: this.#out, style: this.#style };
  }

  /** Writes changed cells of row `y`. */
  write(y: number, from: number, to: number): void {
    const line = this.#lines[y]!;
    for (let x = from; x < to;) {
      const glyph = line.glyphs[x]!;
      if (isBlank(line, x, this.#sgr)) {
        let end = x + 1;
        while (end < to && isBlank(line, end, this.#sgr)) end++;
        this.#writeBlanks(y, x, end, to);
        x = end;
      } else if (glyph === "") x++;
      else if (line.isSure || isSure(glyph)) {
        this.#moveTo(x, y);
        this.#setStyle(line.styles[x]!);
        this.#type(glyph);
        x++;
      } else {
        x += this.#writeUnsure(y, x, line);
      }
    }
  }

  /** Moves the cells `from + 1` to `to` of a row one to the left, and leaves a blank after them. */
  pull(y: number, from: number, to: number): void {
    this.#moveTo(from, y);
    this.#hideStyle();
    this.#out += DELETE_CELL;
    this.#moveTo(to, y);
    this.#out += INSERT_CELL;
  }

  /** Writes the blanks `from` to `end` of a run that goes on to `to`. */
  #writeBlanks(y: number, from: number, end: number, to: number): void {
    const count = end - from;
    this.#moveTo(from, y);
    this.#hideStyle();
    const isLast = end === to;
    if (end === this.#columns && count > ERASE_TO_END.length)
      this.#out += ERASE_TO_END;
    else if (count > (isLast ? ERASE_COST : ERASE_AND_SKIP_COST))
      this.#out += csi(count, "X");
    else for (let i = 0; i < count; i++) this.#type(" ");
  }

  /**
   * Writes a glyph on whose width terminals disagree, and then positions the cursor anew, so that nothing shifts.
   * Returns the number of its cells.
   */
  #writeUnsure(y: number, x: number, { glyphs, styles }: Line): number {
    const cells = glyphs[x + 1] === "" ? 2 : 1;
    this.#moveTo(x, y);
    this.#setStyle(styles[x]!);
    // Blanks first: a terminal where the glyph is narrower would leave an old cell beside it.
    this.#out += " ".repeat(cells);
    this.#x = null;
    this.#moveTo(x, y);
    this.#out += glyphs[x]!;
    this.#x = null;
    return cells;
  }

  #type(glyph: string): void {
    this.#out += glyph;
    if (this.#x !== null) this.#x++;
  }

  #setStyle(style: Style): void {
    if (style === this.#style) return;
    this.#out += this.#sgr.change(this.#style, style);
    this.#style = style;
  }

  /** Blanks may be written and erased after it. */
  #hideStyle(): void {
    if (this.#sgr.showsBlanks(this.#style)) this.#setStyle("plain");
  }

  #moveTo(x: number, y: number): void {
    const from = this.#position(x);
    if (from?.x === x && from.y === y) return;
    const jump = moveCursor(from, { x, y });
    const between = from?.y === y ? this.#retyped(y, from.x, x) : null;
    this.#out +=
      between !== null && Buffer.byteLength(between) <= jump.length
        ? between
        : jump;
    this.#x = x;
    this.#y = y;
  }

  /**
   * After the last column, terminals keep the cursor in one of two ways; for moves straight up and down they are the
   * same.
   */
  #position(x: number): Position | null {
    if (this.#x === null) return null;
    const last = this.#columns - 1;
    if (this.#x <= last) return { x: this.#x, y: this.#y };
    return x === last ? { x: last, y: this.#y } : null;
  }

  /** Cells on the way as text, if the current style can write them. */
  #retyped(y: number, from: number, to: number): string | null {
    if (to <= from || to - from > MAX_RETYPED) return null;
    const line = this.#lines[y]!;
    const blanksShow = this.#sgr.showsBlanks(this.#style);
    let text = "";
    for (let x = from; x < to; x++) {
      const glyph = line.glyphs[x]!;
      const fits =
        line.styles[x] === this.#style ||
        (!blanksShow && isBlank(line, x, this.#sgr));
      if (!fits || !(line.isSure || isSure(glyph))) return null;
      text += glyph;
    }
    return text;
  }
}

/** Whether a cell shows nothing at all. */
export function isBlank(line: Line, x: number, sgr: Sgr): boolean {
  return line.glyphs[x] === " " && !sgr.showsBlanks(line.styles[x]!);
}
