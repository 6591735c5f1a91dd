/**
 * Numbers and texts as bytes side by side. A whole number takes a byte for each seven of its bits, and one more bit in
 * each says whether another follows (as in LEB128). Others, and large ones, take nine bytes. A text takes what its
 * characters do, and a byte or two where it comes again.
 */
import type { Unknown } from "../sample.ts";

/** In front of what does not begin with the number itself. */
const UNKNOWN = 0;
const DOUBLE = 1;
const FIRST_WHOLE = 2;
const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER - FIRST_WHOLE;
const DOUBLE_BYTES = 8;
/** A text that was not there before; others are told by their place among these. */
const NEW_TEXT = 1;
const FIRST_TEXT = 2;
const LONGEST_CHARACTER_BYTES = 3;
/** As many characters as are made into a text at once. */
const SHORT = 4096;

/** Of one large text, the room for it does not stay. */
const MOST_BYTES = 1024 ** 2;

export class ValueWriter {
  #bytes = new Uint8Array(8192);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #texts = new Map<string, number>();

  put(value: number | Unknown): void {
    this.#makeRoom(1 + DOUBLE_BYTES);
    if (value === null) this.#bytes[this.#length++] = UNKNOWN;
    else if (Number.isInteger(value) && value >= 0 && value <= LARGEST_WHOLE)
      this.#putWhole(value + FIRST_WHOLE);
    else {
      this.#bytes[this.#length++] = DOUBLE;
      this.#view.setFloat64(this.#length, value);
      this.#length += DOUBLE_BYTES;
    }
  }

  putText(text: string | Unknown): void {
    const known = text === null ? UNKNOWN : this.#texts.get(text);
    const length = known === undefined ? text!.length : 0;
    this.#makeRoom(2 * DOUBLE_BYTES + length * LONGEST_CHARACTER_BYTES);
    if (known !== undefined) return this.#putWhole(known);
    this.#texts.set(text!, FIRST_TEXT + this.#texts.size);
    this.#putWhole(NEW_TEXT);
    this.#putWhole(length);
    for (let at = 0; at < length; at++) this.#putWhole(text!.charCodeAt(at));
  }

  /** All that was put, as a copy; then it begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#texts.clear();
    if (this.#bytes.length > MOST_BYTES) this.#resize(MOST_BYTES);
    return taken;
  }

  #putWhole(value: number): void {
    while (value > 0x7f) {
      const rest = Math.floor(value / 128);
      this.#bytes[this.#length++] = 0x80 | (value - rest * 128);
      value = rest;
    }
    this.#bytes[this.#length++] = value;
  }

  #makeRoom(bytes: number): void {
    const neededBytes = this.#length + bytes;
    if (neededBytes > this.#bytes.length) this.#resize(2 * neededBytes);
  }

  #resize(bytes: number): void {
    const before = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(bytes);
    this.#bytes.set(before);
    this.#view = new DataView(this.#bytes.buffer);
  }
}

export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  readonly #texts: string[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The next one, if that is known to be no unknown one. */
  takeKnown(): number {
    return this.take() as number;
  }

  take(): number | Unknown {
    const first = this.#takeWhole();
    if (first >= FIRST_WHOLE) return first - FIRST_WHOLE;
    if (first === UNKNOWN) return null;
    const value = this.#view.getFloat64(this.#at);
    this.#at += DOUBLE_BYTES;
    return value;
  }

  takeText(): string | Unknown {
    const known = this.#takeWhole();
    if (known === UNKNOWN) return null;
    if (known >= FIRST_TEXT) return this.#texts[known - FIRST_TEXT]!;
    const text = this.#takeCharacters(this.#takeWhole());
    this.#texts.push(text);
    return text;
  }

  #takeCharacters(length: number): string {
    const end = this.#at + length;
    const plain = this.#bytes.subarray(this.#at, end);
    // Nearly all are of a byte each, and short.
    if (length <= SHORT && plain.every((byte) => byte < 0x80)) {
      this.#at = end;
      return String.fromCharCode(...plain);
    }
    let text = "";
    for (let left = length; left > 0; left--)
      text += String.fromCharCode(this.#takeWhole());
    return text;
  }

  #takeWhole(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }
}
