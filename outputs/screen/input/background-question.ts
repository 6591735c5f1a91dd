/**
 * Asks the terminal for its background colour, and finds the answer among what is typed. Nothing waits for it; whenever
 * it comes, whole or in pieces, it is never taken for keys.
 */
import { NO_BYTES, joinBytes } from "./key-parser.ts";
import type { Background } from "../cells/theme.ts";

/** OSC 11 with a question mark. */
export const BACKGROUND_QUESTION = "\x1b]11;?\x1b\\";

const ANSWER = "\x1b]11;";
/** No answer is longer than this. */
const LONGEST_ANSWER = 64;
/** A beginning of an answer that nobody can type by accident: Esc and ] are keys. */
const SURE_BYTES = 3;
/** Above this luminance black text is easier to read than white. */
const LIGHT_LUMINANCE = 0.18;

export interface Heard {
  /** What was typed, the answer left out. */
  readonly bytes: Uint8Array;
  /** What the answer says; null if there was none, or if it makes no sense. */
  readonly background: Background | null;
}

export class BackgroundQuestion {
  #isOpen = true;
  /** The beginning of an answer. */
  #held: Uint8Array = NO_BYTES;
  /** Undecided bytes that were taken for keys because nothing came after them: perhaps the beginning of an answer. */
  #flushed: Uint8Array = NO_BYTES;

  /** Whether the answer has not come yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @param bytes all that is undecided, and what has come now */
  hear(bytes: Uint8Array): Heard {
    if (!this.#isOpen) return { bytes, background: null };
    const whole = joinBytes(this.#flushed, bytes);
    const isGoneOn = this.#flushed.length > 0 && beginsAnswer(whole, 0);
    // One byte at a time: the next one may show that it is an answer.
    const mayBegin = this.#flushed.length > 0 && isUnsureBeginning(whole);
    this.#flushed = mayBegin ? whole : NO_BYTES;
    const input = isGoneOn ? whole : joinBytes(this.#held, bytes);
    this.#held = NO_BYTES;
    const from = findAnswer(input);
    if (from < 0) return { bytes: input, background: null };
    const before = input.subarray(0, from);
    const end = endOfAnswer(input, from);
    if (end === null) {
      this.#held = input.slice(from);
      return { bytes: before, background: null };
    }
    this.#isOpen = false;
    const answer = Buffer.from(input.subarray(from, end)).toString("latin1");
    return {
      bytes: joinBytes(before, input.subarray(end)),
      background: parseAnswer(answer),
    };
  }

  /** Bytes are about to be taken for keys, as nothing has come after them for a while. */
  giveUp(bytes: Uint8Array): void {
    if (this.#isOpen && isUnsureBeginning(bytes)) this.#flushed = bytes;
  }
}

/** Whether an answer, or as much of it as cannot be mistaken, begins there. */
function beginsAnswer(input: Uint8Array, at: number): boolean {
  const length = Math.min(ANSWER.length, input.length - at);
  if (length < SURE_BYTES) return false;
  for (let i = 0; i < length; i++)
    if (input[at + i] !== ANSWER.charCodeAt(i)) return false;
  return true;
}

function isUnsureBeginning(input: Uint8Array): boolean {
  return (
    input.length > 0 &&
    input.length < SURE_BYTES &&
    Buffer.from(input).toString("latin1") === ANSWER.slice(0, input.length)
  );
}

function findAnswer(input: Uint8Array): number {
  for (let at = 0; at < input.length; at++)
    if (beginsAnswer(input, at)) return at;
  return -1;
}

/**
 * Where it ends: after BEL, after Esc and a backslash, or before the first byte that no answer has. Null if that has not
 * come yet.
 */
function endOfAnswer(input: Uint8Array, from: number): number | null {
  for (let at = from + ANSWER.length; at < input.length; at++) {
    const byte = String.fromCharCode(input[at]!);
    if (byte === "\x07") return at + 1;
    if (byte === "\x1b") {
      if (at + 1 === input.length) return null;
      return input[at + 1] === 0x5c ? at + 2 : at;
    }
    if (!/[\da-z:/]/i.test(byte) || at - from > LONGEST_ANSWER) return at;
  }
  return null;
}

/** "rgb:1e1e/1e1e/2e2e": one to four hexadecimal digits for each colour; some terminals add the opacity. */
export function parseAnswer(text: string): Background | null {
  const match = /rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(
    text,
  );
  if (match === null) return null;
  const [red, green, blue] = match
    .slice(1)
    .map((digits) => linear(parseInt(digits, 16) / (16 ** digits.length - 1)));
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return luminance > LIGHT_LUMINANCE ? "light" : "dark";
}

/** Of one colour from 0 to 1, its share of the light (IEC 61966-2-1). */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
