/** What a regular expression consists of, after parsing. */

/** Code points from `from` to `to`, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A place in the text, without a character: its begin, its end, and four kinds of edges of words. */
export type Place =
  "start" | "end" | "word-edge" | "no-word-edge" | "word-start" | "word-end";

export type RegexTree =
  /** One character out of ranges, which are sorted and do not overlap. */
  | { readonly type: "set"; readonly ranges: readonly Range[] }
  | { readonly type: "place"; readonly place: Place }
  | { readonly type: "sequence"; readonly parts: readonly RegexTree[] }
  | { readonly type: "choice"; readonly parts: readonly RegexTree[] }
  | {
      readonly type: "repeat";
      readonly part: RegexTree;
      readonly least: number;
      /** Infinity: any number of times. */
      readonly most: number;
    };

const LAST_CODE_POINT = 0x10ffff;

/** Sorted, and joined where they meet. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || range.from > last.to + 1) joined.push(range);
    else if (range.to > last.to)
      joined[joined.length - 1] = { from: last.from, to: range.to };
  }
  return joined;
}

/** All other characters. */
export function invertRanges(ranges: readonly Range[]): readonly Range[] {
  const inverted: Range[] = [];
  let from = 0;
  for (const range of joinRanges(ranges)) {
    if (range.from > from) inverted.push({ from, to: range.from - 1 });
    from = range.to + 1;
  }
  if (from <= LAST_CODE_POINT) inverted.push({ from, to: LAST_CODE_POINT });
  return inverted;
}

export const ANY: readonly Range[] = [{ from: 0, to: LAST_CODE_POINT }];

const range = (from: string, to = from): Range => ({
  from: from.codePointAt(0)!,
  to: to.codePointAt(0)!,
});

/** Everything beyond ASCII counts as a letter: names are words in every script. */
const BEYOND_ASCII: Range = { from: 0x80, to: LAST_CODE_POINT };
const LOWER = range("a", "z");
const UPPER = range("A", "Z");
const DIGIT = range("0", "9");
const LETTERS = [LOWER, UPPER, BEYOND_ASCII];
const BLANKS = [range("\t"), range(" ")];
const PUNCTUATION = [
  range("!", "/"),
  range(":", "@"),
  range("[", "`"),
  range("{", "~"),
];

export const WORD = joinRanges([...LETTERS, DIGIT, range("_")]);
export const SPACE = joinRanges([range("\t", "\r"), range(" ")]);

/** The classes of POSIX: "[[:digit:]]". */
export const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...LETTERS, DIGIT],
  alpha: LETTERS,
  blank: BLANKS,
  cntrl: [range("\0", "\x1f"), range("\x7f")],
  digit: [DIGIT],
  graph: [range("!", "~"), BEYOND_ASCII],
  lower: [LOWER],
  print: [range(" ", "~"), BEYOND_ASCII],
  punct: PUNCTUATION,
  space: SPACE,
  upper: [UPPER],
  xdigit: [DIGIT, range("a", "f"), range("A", "F")],
};
