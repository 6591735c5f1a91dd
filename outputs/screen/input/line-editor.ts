/** A line of text that is being typed, and the keys that edit it: those of a shell. Pure. */
import type { Key } from "./key-parser.ts";

export interface EditedLine {
  readonly text: string;
  /** Where the cursor is: before this code unit, always between two graphemes. */
  readonly cursor: number;
}

/** Longer text is cut: nobody types it, and no file name or user's name needs it. */
export const MAX_TEXT = 1000;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const NOT_PRINTABLE = /[\p{C}\p{Z}]+/gu;

export function lineOf(text: string): EditedLine {
  return { text, cursor: text.length };
}

/** The line after a key; null if the key does not edit text. The same line if there is nothing to edit. */
export function editLine(line: EditedLine, key: Key): EditedLine | null {
  if (key.type === "character") return insert(line, key.character);
  if (key.type !== "named") return null;
  return EDITS[key.name]?.(line) ?? null;
}

/** Of pasted text, the first line that is not empty. Tabs, control and invisible characters become blanks. */
export function pasteInto(line: EditedLine, text: string): EditedLine {
  const first = /[^\s][^\r\n\x85\u2028\u2029]*/.exec(text)?.[0] ?? "";
  return insert(line, first.replaceAll(NOT_PRINTABLE, " ").trim());
}

function insert({ text, cursor }: EditedLine, added: string): EditedLine {
  const before = text.slice(0, cursor) + added;
  const all = before + text.slice(cursor);
  if (all.length <= MAX_TEXT)
    return { text: all, cursor: atBoundary(all, before.length) };
  const cut = all.slice(0, startOfGrapheme(all, MAX_TEXT));
  return { text: cut, cursor: Math.min(before.length, cut.length) };
}

const EDITS: Readonly<Record<string, (line: EditedLine) => EditedLine>> = {
  left: (line) => moveTo(line, before(line)),
  "ctrl-b": (line) => moveTo(line, before(line)),
  right: (line) => moveTo(line, after(line)),
  "ctrl-f": (line) => moveTo(line, after(line)),
  home: (line) => moveTo(line, 0),
  "ctrl-a": (line) => moveTo(line, 0),
  end: (line) => moveTo(line, line.text.length),
  "ctrl-e": (line) => moveTo(line, line.text.length),
  "alt-b": (line) => moveTo(line, wordStart(line)),
  "alt-f": (line) => moveTo(line, wordEnd(line)),
  backspace: (line) => cut(line, before(line), line.cursor),
  delete: (line) => cut(line, line.cursor, after(line)),
  "ctrl-d": (line) => cut(line, line.cursor, after(line)),
  "ctrl-u": (line) => cut(line, 0, line.cursor),
  "ctrl-k": (line) => cut(line, line.cursor, line.text.length),
  "ctrl-w": (line) => cut(line, blankedWordStart(line), line.cursor),
  "alt-backspace": (line) => cut(line, wordStart(line), line.cursor),
  "alt-d": (line) => cut(line, line.cursor, wordEnd(line)),
};

function moveTo(line: EditedLine, cursor: number): EditedLine {
  return cursor === line.cursor ? line : { ...line, cursor };
}

function cut({ text }: EditedLine, from: number, to: number): EditedLine {
  const kept = text.slice(0, from) + text.slice(to);
  return { text: kept, cursor: atBoundary(kept, from) };
}

/** The end of the grapheme to the left begins it: a letter and its accents are one step. */
function before({ text, cursor }: EditedLine): number {
  return cursor === 0 ? 0 : startOfGrapheme(text, cursor - 1);
}

function after({ text, cursor }: EditedLine): number {
  const here = graphemes.segment(text).containing(cursor);
  return here === undefined ? text.length : cursor + here.segment.length;
}

function startOfGrapheme(text: string, index: number): number {
  return graphemes.segment(text).containing(index)?.index ?? text.length;
}

/** An accent that is typed joins the letter before it: then the cursor goes after both. */
function atBoundary(text: string, index: number): number {
  const here = graphemes.segment(text).containing(index);
  if (here === undefined || here.index === index) return index;
  return here.index + here.segment.length;
}

/** Words are letters and digits, as for Alt-B in a shell. */
function wordStart({ text, cursor }: EditedLine): number {
  const match = /[\p{L}\p{N}\p{M}_]+[^\p{L}\p{N}\p{M}_]*$/u.exec(
    text.slice(0, cursor),
  );
  return match === null ? 0 : match.index;
}

function wordEnd({ text, cursor }: EditedLine): number {
  const match = /^[^\p{L}\p{N}_]*[\p{L}\p{N}\p{M}_]+/u.exec(text.slice(cursor));
  return match === null ? text.length : cursor + match[0].length;
}

/** Ctrl-W goes back to a blank. */
function blankedWordStart({ text, cursor }: EditedLine): number {
  const match = /\S+\s*$/.exec(text.slice(0, cursor));
  return match === null ? 0 : match.index;
}
