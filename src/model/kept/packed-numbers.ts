/**
 * Numbers as bytes side by side: a whole one takes a byte for each seven of its bits, and one more bit in each says
 * whether another follows (as in LEB128). Others, and large ones, take nine bytes.
 */
import type { Unknown } from "../sample.ts";

/** In front of what does not begin with the number itself. */
const UNKNOWN = 0;
const DOUBLE = 1;
const FIRST_WHOLE = 2;
const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER - FIRST_WHOLE;
const DOUBLE_BYTES = 8;

export class NumberWriter {
  #bytes = new Uint8Array(8192);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

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

  /** All that was put, as a copy; then it begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
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
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export class NumberReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

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

  #takeWhole(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }
}
