/** Numbers and foreign text in a form for people. */
import type { IoPriority } from "../sample.ts";

/** Numbers and times in the form that the user has chosen. Unknown is "?". */
export interface Format {
  /** "20.13 M"; with -k "20613.12 K". */
  bytes(bytes: number | null): string;
  /** "20.13 M/s". */
  rate(bytesPerSecond: number | null): string;
  /** "12.34 %", at most 99.99, as iotop has always shown it. */
  percent(percent: number | null): string;
  /** Local time of day, "08:58:59". */
  clock(timeMs: number): string;
  /** Local date, "2026-11-23". */
  date(timeMs: number): string;
  /**
   * Printable form of foreign text: control and invisible characters are escaped.
   *
   * @param width if it is given, the text is cut to so many cells of a terminal
   */
  text(text: string, width?: number): string;
}

/** Units of sizes, each 1,024 times the one before. */
export const SIZE_UNITS = Object.freeze([
  "B",
  "K",
  "M",
  "G",
  "T",
  "P",
  "E",
] as const);
const MAX_PERCENT = 99.99;
/** Text for a value that could not be observed, "?". */
export const UNKNOWN = "?";

/** The fields of a local calendar date and time. */
export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface FormatOptions {
  readonly kilobytes: boolean;
  /** Units of 1,000 instead of 1,024. */
  readonly si?: boolean;
  /** Converts a Unix time, ms, to local time. */
  readonly localTime: (timeMs: number) => LocalTime;
}

export function createFormat({
  kilobytes,
  si = false,
  localTime,
}: FormatOptions): Format {
  const base = si ? 1000 : 1024;
  const size = kilobytes
    ? (bytes: number) => `${fixed2(bytes / base)} K`
    : (bytes: number) => formatBytes(bytes, base);
  return {
    bytes: (bytes) => (bytes === null ? UNKNOWN : size(bytes)),
    rate: (bytesPerSecond) =>
      bytesPerSecond === null ? UNKNOWN : `${size(bytesPerSecond)}/s`,
    percent: (percent) =>
      percent === null
        ? UNKNOWN
        : `${fixed2(Math.min(percent, MAX_PERCENT))} %`,
    clock(timeMs) {
      const { hour, minute, second } = localTime(timeMs);
      return [hour, minute, second].map(twoDigits).join(":");
    },
    date(timeMs) {
      const { year, month, day } = localTime(timeMs);
      return [year, month, day].map(twoDigits).join("-");
    },
    text: (text, width) =>
      width === undefined ? escapeText(text) : fitText(escapeText(text), width),
  };
}

/** "07". */
export const twoDigits = (part: number): string =>
  String(part).padStart(2, "0");

/** A unit is used from twice its size upwards, so that its amounts have at least three significant digits. */
function formatBytes(bytes: number, base: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 2 * base && unit < SIZE_UNITS.length - 1) {
    amount /= base;
    unit++;
  }
  return `${fixed2(amount)} ${SIZE_UNITS[unit]}`;
}

/**
 * Two decimals as printf rounds them: a tie goes to the even digit, whereas `toFixed` always rounds up. Byte counts are
 * whole KiB, so ties are common: 2.125 M is "2.12 M". Only odd multiples of 1/8 can tie.
 */
function fixed2(amount: number): string {
  const hundredths = amount * 100;
  const below = Math.floor(hundredths);
  const tie = hundredths - below === 0.5 && Number.isInteger(amount * 8);
  return tie && below % 2 === 0 ? (below / 100).toFixed(2) : amount.toFixed(2);
}

/**
 * Characters that move the cursor, reorder their neighbours, show nothing, or have a width on which terminals disagree:
 * every code point of class "other" (controls, format characters such as bidi, zero-width, tags and interlinear,
 * unpaired surrogates, private use, unassigned), line and paragraph separators, characters that a font may ignore
 * (variation selectors and fillers), and a combining mark with nothing before it.
 */
const UNPRINTABLE =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|^\p{M}/gu;
const PLAIN = /^[ -~]*$/;
/** Plain characters without blanks: nearly every name. */
const SOLID = /^[!-~]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x1b": "\\e",
};

/**
 * Foreign text with every unprintable character spelled out, as \n \r \t \e, \xNN or \u{NNNN}. A backslash is
 * unchanged.
 */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, escapeCharacter);
}

/** Printable text with every blank spelled out, as \x20, so that it is one field for programs that split lines. */
export function escapeBlanks(text: string): string {
  return SOLID.test(text) ? text : text.replace(/\s/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length <= 2
    ? `\\x${hex.padStart(2, "0")}`
    : `\\u{${hex.padStart(4, "0")}}`;
}

/** Text of an I/O priority, "be/4", "rt/0", "idle" or "none": with a level only where the class has several. */
export function formatPriority({ class: name, level }: IoPriority): string {
  return name === "rt" || name === "be" ? `${name}/${level}` : name;
}

/** Marks where text was cut out. */
export const ELLIPSIS = "~";
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Printable text in at most `width` display cells. Text that is too long loses its middle, so that the program and its
 * last argument both show. A grapheme is never split: if a wide one does not fit, the result is one cell short.
 */
export function fitText(text: string, width: number): string {
  if (width <= 0) return "";
  const ascii = PLAIN.test(text);
  if ((ascii ? text.length : Bun.stringWidth(text)) <= width) return text;
  const tailWidth = Math.floor((width - 1) / 2);
  const headWidth = width - 1 - tailWidth;
  if (ascii) {
    const tail = text.slice(text.length - tailWidth);
    return text.slice(0, headWidth) + ELLIPSIS + tail;
  }
  return fitGraphemes(text, headWidth, tailWidth);
}

function fitGraphemes(
  text: string,
  headWidth: number,
  tailWidth: number,
): string {
  const segments = graphemes.segment(text);
  let left = headWidth;
  let head = 0;
  for (const { segment } of segments) {
    const cells = Bun.stringWidth(segment);
    if (cells > left) break;
    left -= cells;
    head += segment.length;
  }
  left += tailWidth;
  let tail = text.length;
  while (tail > head) {
    const { segment, index } = segments.containing(tail - 1)!;
    const cells = Bun.stringWidth(segment);
    if (cells > left || index < head) break;
    left -= cells;
    tail = index;
  }
  return text.slice(0, head) + ELLIPSIS + text.slice(tail);
}
