/**
 * Decodes keys from the bytes that a terminal sends. Incremental: a sequence may arrive in pieces, so each call returns
 * the bytes that are still undecided, and the next call begins with them.
 */

export type KeyName =
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "page-up"
  | "page-down"
  | "enter"
  | "tab"
  | "back-tab"
  | "backspace"
  | "delete"
  | "f5"
  | "escape"
  /** Control with a letter. */
  | `ctrl-${string}`
  /** Alt with a letter, in lower case. */
  | `alt-${"b" | "d" | "f" | "backspace"}`
  | "redraw"
  /** A key without a name here. */
  | "other";

export type Key =
  | { readonly type: "named"; readonly name: KeyName }
  /** One printable character. */
  | { readonly type: "character"; readonly character: string }
  /** Position of the mouse in cells, both from 0. */
  | {
      readonly type: "click" | "wheel-up" | "wheel-down";
      readonly x: number;
      readonly y: number;
    };

export interface Parsed {
  readonly keys: readonly Key[];
  /** The beginning of a sequence, to be put before the next bytes. A lone Esc is one of these: see `flushKeys`. */
  readonly rest: Uint8Array;
}

export const NO_BYTES = new Uint8Array(0);

const ESC = 0x1b;
/** No known sequence is nearly this long: longer ones are noise. */
const LONGEST_SEQUENCE = 64;
/** How far to look for the end of a reply: it may contain text, such as a title. */
const LONGEST_STRING = 1024;

const named = (name: KeyName): Key => ({ type: "named", name });
const OTHER = named("other");

const FINALS: Readonly<Record<string, KeyName>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "back-tab",
};

/** First parameter of `CSI n ~`. */
const TILDES: Readonly<Record<string, KeyName>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  15: "f5",
};

const CONTROLS: Readonly<Record<number, KeyName>> = {
  0x08: "backspace",
  0x09: "tab",
  0x0a: "enter",
  0x0c: "redraw",
  0x0d: "enter",
  0x7f: "backspace",
};

/** Control with these letters is no other key: h, i, j, m are Backspace, Tab and Enter. */
const CONTROL_LETTERS = "abdefgknopqrstuvwxy";
/** Keys that edit text. Alt with anything else is no key of ours, and is never taken for the bare character. */
const ALTS: Readonly<Record<string, KeyName>> = {
  b: "alt-b",
  d: "alt-d",
  f: "alt-f",
  "\x7f": "alt-backspace",
  "\b": "alt-backspace",
};

/** One key and the number of its bytes. No key for bytes without a meaning; null if more bytes are needed. */
type Step = { readonly key: Key | null; readonly length: number } | null;

export function parseKeys(pending: Uint8Array, bytes: Uint8Array): Parsed {
  const input = pending.length === 0 ? bytes : joinBytes(pending, bytes);
  const keys: Key[] = [];
  let at = 0;
  while (at < input.length) {
    const step = readKey(input.subarray(at));
    if (step === null) break;
    if (step.key !== null) keys.push(step.key);
    at += step.length;
  }
  return { keys, rest: input.slice(at) };
}

/** The meaning of unfinished bytes when nothing follows them: a lone Esc is the Esc key, anything else is noise. */
export function flushKeys(rest: Uint8Array): readonly Key[] {
  if (rest.length === 0) return [];
  return [rest.length === 1 && rest[0] === ESC ? named("escape") : OTHER];
}

export function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function readKey(input: Uint8Array): Step {
  const first = input[0]!;
  if (first === ESC) return readEscape(input);
  if (first < 0x20 || first === 0x7f)
    return { key: named(CONTROLS[first] ?? controlName(first)), length: 1 };
  return readCharacter(input, 0);
}

/** 0x01 is Ctrl-A. */
function controlName(byte: number): KeyName {
  const letter = String.fromCharCode(byte + 0x60);
  return CONTROL_LETTERS.includes(letter) ? `ctrl-${letter}` : "other";
}

function readCharacter(input: Uint8Array, at: number): Step {
  const first = input[at]!;
  const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const continuation = input.subarray(at + 1, at + size);
  const broken = continuation.findIndex((byte) => (byte & 0xc0) !== 0x80);
  if (broken >= 0 || (first >= 0x80 && first < 0xc2) || first > 0xf4)
    return { key: OTHER, length: at + 1 };
  if (input.length < at + size) return null;
  const character = new TextDecoder().decode(input.subarray(at, at + size));
  return { key: { type: "character", character }, length: at + size };
}

function readEscape(input: Uint8Array): Step {
  if (input.length < 2) return null;
  switch (String.fromCharCode(input[1]!)) {
    case "[":
      return readControlSequence(input);
    case "O": {
      if (input.length < 3) return null;
      const name = FINALS[String.fromCharCode(input[2]!)];
      return { key: named(name ?? "other"), length: 3 };
    }
    case "]":
    case "P":
    case "_":
    case "^":
    case "X":
      return readString(input);
    case "\x1b":
      // The first Esc was a key; the second may begin a sequence.
      return { key: named("escape"), length: 1 };
    default: {
      const step = readCharacter(input, 1);
      if (step === null) return null;
      const { key, length } = step;
      const letter =
        key?.type === "character" ? key.character.toLowerCase() : "";
      return { key: named(ALTS[letter] ?? "other"), length };
    }
  }
}

/** Replies of the terminal (OSC, DCS and similar) are not needed: they are skipped to their end. */
function readString(input: Uint8Array): Step {
  const end = Math.min(input.length, LONGEST_STRING);
  for (let i = 2; i < end; i++) {
    if (input[i] === 0x07) return { key: null, length: i + 1 };
    if (input[i] === 0x5c && input[i - 1] === ESC)
      return { key: null, length: i + 1 };
  }
  return input.length > LONGEST_SEQUENCE ? { key: OTHER, length: 2 } : null;
}

function readControlSequence(input: Uint8Array): Step {
  if (input[2] === 0x5b)
    // The Linux console sends F1 to F5 as CSI [ A.
    return input.length < 4
      ? null
      : { key: input[3] === 0x45 ? named("f5") : OTHER, length: 4 };
  if (input[2] === 0x4d) return readOldMouse(input);
  let end = 2;
  while (end < input.length && input[end]! >= 0x20 && input[end]! < 0x40) end++;
  if (end - 2 > LONGEST_SEQUENCE) return { key: OTHER, length: end };
  if (end === input.length) return null;
  if (input[end]! < 0x40 || input[end]! > 0x7e)
    // Interrupted by a control byte or a new sequence, which is read next.
    return { key: OTHER, length: end };
  const body = String.fromCharCode(...input.subarray(2, end));
  const final = String.fromCharCode(input[end]!);
  return { key: controlKey(body, final), length: end + 1 };
}

function controlKey(body: string, final: string): Key | null {
  if (body.startsWith("<")) return mouseKey(body.slice(1), final);
  // Reports (cursor position, attributes, modes, focus) are not keys.
  if (/^[?>=]/.test(body) || "cnRIOy".includes(final)) return null;
  const [number = "", modifiers = ""] = body.split(";");
  // Control and Alt with an arrow move by words, as in a shell.
  if ((final === "C" || final === "D") && /^[35]$/.test(modifiers))
    return named(final === "C" ? "alt-f" : "alt-b");
  if (final === "~") {
    // The host takes pasted text out; its marks are no keys.
    if (number === "200" || number === "201") return null;
    return named(TILDES[number] ?? "other");
  }
  return named(FINALS[final] ?? "other");
}

function mouseKey(body: string, final: string): Key | null {
  const match = /^(\d+);(\d+);(\d+)$/.exec(body);
  if (match === null || final !== "M") return null;
  return mouseEvent(
    Number(match[1]),
    Number(match[2]) - 1,
    Number(match[3]) - 1,
  );
}

/** CSI M and three bytes: from terminals that do not support the SGR form. */
function readOldMouse(input: Uint8Array): Step {
  if (input.length < 6) return null;
  const key = mouseEvent(input[3]! - 32, input[4]! - 33, input[5]! - 33);
  return { key, length: 6 };
}

function mouseEvent(code: number, x: number, y: number): Key | null {
  // Bits 2 to 4 are Shift, Alt and Control; bit 5 is motion.
  if ((code & 32) !== 0 || x < 0 || y < 0) return null;
  switch (code & ~0b11100) {
    case 0:
      return { type: "click", x, y };
    case 64:
      return { type: "wheel-up", x, y };
    case 65:
      return { type: "wheel-down", x, y };
    default:
      return null;
  }
}
