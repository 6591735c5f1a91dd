/** The command of a row in the cells that there are: the name is never cut, the rest is. Pure. */
import {
  describeEnd,
  type EndWords,
  type TaskDelta,
} from "../../../src/model/index.ts";

export interface CommandText {
  /** The program's name. */
  readonly name: string;
  readonly rest: string;
}

/** From so many cells on, the last argument is shown too: often it is a file's name. */
const TAIL_FROM_CELLS = 48;

/**
 * @param whole all words of it, printable
 * @param ago the time since the task ended, "8 s", if it has not ended just now
 * @param mark stands for what is left out
 * @param offset how many cells of the arguments are passed over
 */
export function commandText(
  row: TaskDelta,
  whole: string,
  ago: string | null,
  width: number,
  mark: string,
  offset = 0,
): CommandText {
  const end = describeEnd(row, ago === null ? JUST_NOW : endedAgo(ago));
  const allArgs = argumentsOf(whole);
  const name = whole.slice(0, whole.length - allArgs.length);
  const args = allArgs === "" ? "" : passOver(allArgs, offset, mark);
  const nameCells = Bun.stringWidth(name);
  if (nameCells > width) return { name: fit(name, width, 0, mark), rest: "" };
  const room = width - nameCells - Bun.stringWidth(end);
  // How it ended says more than its arguments.
  if (room >= (args === "" ? 0 : 2))
    return { name, rest: fit(args, room, width, mark) + end };
  return { name, rest: fit(end, width - nameCells, 0, mark) };
}

/** With the blank before them; "" if there are none. */
function argumentsOf(whole: string): string {
  const blank = whole.startsWith("[") ? -1 : whole.indexOf(" ");
  return blank < 0 ? "" : whole.slice(blank);
}

/** How many cells of arguments can be passed over, but for the last one. */
export function argumentCells(whole: string): number {
  return Math.max(0, Bun.stringWidth(argumentsOf(whole)) - 1);
}

/** Arguments without the first cells of them. */
function passOver(args: string, cells: number, mark: string): string {
  if (cells === 0) return args;
  const rest = args.slice(beginOf(args, cells + 1).length);
  return rest === "" ? "" : ` ${mark}${rest}`;
}

/** @param wholeCells of the column */
function fit(
  text: string,
  cells: number,
  wholeCells: number,
  mark: string,
): string {
  if (Bun.stringWidth(text) <= cells) return text;
  if (cells < 1) return "";
  const last = text.lastIndexOf(" ");
  const tailCells = Math.floor(wholeCells / 3);
  if (wholeCells >= TAIL_FROM_CELLS && last > 0 && tailCells + 2 < cells) {
    const tail = endOf(text.slice(last + 1), tailCells);
    const head = beginOf(text, cells - 1 - Bun.stringWidth(tail));
    return head + mark + tail;
  }
  return beginOf(text, cells - 1) + mark;
}

/** As much of a text as fits, with a mark if it does not. */
export function fitWithMark(text: string, cells: number, mark: string): string {
  return fit(text, cells, 0, mark);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const PLAIN = /^[ -~]*$/;

/** As much of its beginning as fits; a grapheme is never split. */
function beginOf(text: string, cells: number): string {
  const head = text.slice(0, cells);
  if (PLAIN.test(head)) return head;
  let left = cells;
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    left -= Bun.stringWidth(segment);
    if (left < 0) break;
    length += segment.length;
  }
  return text.slice(0, length);
}

/** As much of its end as fits. */
function endOf(text: string, cells: number): string {
  if (PLAIN.test(text)) return text.slice(Math.max(0, text.length - cells));
  const segments = [...graphemes.segment(text)];
  let left = cells;
  let from = text.length;
  while (segments.length > 0) {
    const { segment, index } = segments.pop()!;
    left -= Bun.stringWidth(segment);
    if (left < 0) break;
    from = index;
  }
  return text.slice(from);
}

/** How the task ended, or how many did. */
const JUST_NOW: EndWords = {
  many: (tasks) => ` (${tasks} ended)`,
  killed: (signal) => ` (signal ${signal})`,
  failed: (code) => ` (exit ${code})`,
  done: " (ended)",
};

const endedAgo = (ago: string): EndWords => ({
  many: (tasks) => ` (${tasks} ended ${ago} ago)`,
  killed: (signal) => ` (signal ${signal}, ${ago} ago)`,
  failed: (code) => ` (exit ${code}, ${ago} ago)`,
  done: ` (ended ${ago} ago)`,
});

/** Up to ten seconds exactly, then in steps of five, so that the row seldom changes. */
export function agoText(ns: number): string {
  const s = Math.round(ns / 1e9);
  return `${s <= 10 ? s : s - (s % 5)} s`;
}
