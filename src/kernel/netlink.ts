/**
 * The netlink codec: messages, attributes, acknowledgements. Pure: it reads and writes arrays, nothing else. Layouts:
 * linux/netlink.h (struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port), all little-endian on the
 * machines iotop is built for.
 */
import { EPROTO } from "./errors.ts";

export const NLMSG_ERROR = 2;
export const NLM_F_REQUEST = 1;
export const NLM_F_ACK = 4;
export const NLMSG_HEADER_BYTES = 16;
export const ATTRIBUTE_HEADER_BYTES = 4;

/** Netlink aligns messages and attributes to 4 bytes. */
export const align4 = (bytes: number): number => (bytes + 3) & ~3;

/**
 * Walks the messages of one datagram. A message that claims to be longer than the datagram is cut to it; one shorter
 * than a header ends the walk.
 */
export class MessageCursor {
  #words: Uint32Array = new Uint32Array(0);
  #next = 0;
  #end = 0;
  type = 0;
  sequence = 0;
  /** Byte offsets of the payload after the netlink header. */
  start = 0;
  end = 0;

  /** @param start byte offset of the datagram, a multiple of 4 */
  reset(words: Uint32Array, start: number, length: number): void {
    this.#words = words;
    this.#next = start;
    this.#end = Math.min(start + length, words.length * 4);
  }

  next(): boolean {
    const at = this.#next;
    if (at + NLMSG_HEADER_BYTES > this.#end) return false;
    const word = at >> 2;
    const length = this.#words[word]!;
    if (length < NLMSG_HEADER_BYTES) return false;
    this.type = this.#words[word + 1]! & 0xffff;
    this.sequence = this.#words[word + 2]!;
    this.start = at + NLMSG_HEADER_BYTES;
    this.end = Math.min(at + length, this.#end);
    // Not computed from `length`, which may falsely be as large as 4 GiB.
    this.#next = align4(this.end);
    return true;
  }

  /** Positive errno of an NLMSG_ERROR message; 0 for an acknowledgement; EPROTO if the message is too short for one. */
  errno(): number {
    if (this.end - this.start < 4) return EPROTO;
    return (0 - this.#words[this.start >> 2]!) | 0;
  }
}

/**
 * Walks attributes (struct nlattr: u16 length with header, u16 type). An attribute longer than the remaining bytes ends
 * the walk, so a caller never reads past the end. Callers skip unknown types.
 */
export class AttributeCursor {
  #words: Uint32Array = new Uint32Array(0);
  #next = 0;
  #end = 0;
  type = 0;
  /** Byte offsets of the value. */
  start = 0;
  end = 0;

  reset(words: Uint32Array, start: number, end: number): void {
    this.#words = words;
    this.#next = start;
    this.#end = end;
  }

  next(): boolean {
    const at = this.#next;
    if (at + ATTRIBUTE_HEADER_BYTES > this.#end) return false;
    const header = this.#words[at >> 2]!;
    const length = header & 0xffff;
    if (length < ATTRIBUTE_HEADER_BYTES || at + length > this.#end)
      return false;
    // The two highest bits are the flags NLA_F_NESTED and NLA_F_NET_BYTEORDER.
    this.type = (header >>> 16) & 0x3fff;
    this.start = at + ATTRIBUTE_HEADER_BYTES;
    this.end = at + length;
    this.#next = at + align4(length);
    return true;
  }
}

/** Builds messages one after the other in reused memory. */
export class MessageWriter {
  readonly bytes: Uint8Array;
  readonly #words: Uint32Array;
  #messageStart = 0;
  length = 0;

  constructor(capacityBytes: number) {
    const memory = new ArrayBuffer(align4(capacityBytes));
    this.bytes = new Uint8Array(memory);
    this.#words = new Uint32Array(memory);
  }

  clear(): void {
    this.length = 0;
  }

  begin(type: number, flags: number, sequence: number): void {
    this.#messageStart = this.length;
    const word = this.length >> 2;
    this.#words[word] = NLMSG_HEADER_BYTES;
    this.#words[word + 1] = (flags << 16) | type;
    this.#words[word + 2] = sequence;
    this.#words[word + 3] = 0;
    this.length += NLMSG_HEADER_BYTES;
  }

  /** Four bytes that belong to no attribute, such as a generic netlink header. */
  word(value: number): void {
    this.#words[this.length >> 2] = value;
    this.length += 4;
    this.#finish();
  }

  /** Text with its terminating NUL, padded. */
  attributeText(type: number, text: string): void {
    const start = this.length + ATTRIBUTE_HEADER_BYTES;
    const { written } = new TextEncoder().encodeInto(
      text,
      this.bytes.subarray(start),
    );
    const length = ATTRIBUTE_HEADER_BYTES + written + 1;
    this.#words[this.length >> 2] = (type << 16) | length;
    this.bytes.fill(0, start + written, this.length + align4(length));
    this.length += align4(length);
    this.#finish();
  }

  #finish(): void {
    this.#words[this.#messageStart >> 2] = this.length - this.#messageStart;
  }
}
