/** Netlink messages built byte by byte, with code that shares nothing with the codec under test. */

export type Bytes = readonly number[];

/** "24 00 0a": what a dump shows. Line breaks and text behind a semicolon are for the reader. */
export function hex(dump: string): Bytes {
  return dump
    .replace(/;.*$/gm, "")
    .split(/\s+/)
    .filter((pair) => pair !== "")
    .map((pair) => Number.parseInt(pair, 16));
}

const littleEndian = (value: number, width: number): Bytes =>
  Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);

export const u16 = (value: number): Bytes => littleEndian(value, 2);
export const u32 = (value: number): Bytes => littleEndian(value >>> 0, 4);
/** At most 2^53. */
export const u64 = (value: number): Bytes => littleEndian(value, 8);
export const text = (value: string): Bytes => [
  ...new TextEncoder().encode(value),
  0,
];

export const pad4 = (bytes: Bytes): Bytes => [
  ...bytes,
  ...Array<number>((4 - (bytes.length % 4)) % 4).fill(0),
];

/** struct nlattr and its value, padded. */
export const attribute = (type: number, value: Bytes): Bytes =>
  pad4([...u16(value.length + 4), ...u16(type), ...value]);

/** struct nlmsghdr and its payload. */
export const message = (
  type: number,
  sequence: number,
  payload: Bytes,
  flags = 0,
): Bytes => [
  ...u32(16 + payload.length),
  ...u16(type),
  ...u16(flags),
  ...u32(sequence),
  ...u32(0),
  ...payload,
];

/** NLMSG_ERROR: minus errno, and the header of the request. */
export const errorMessage = (sequence: number, errno: number): Bytes =>
  message(2, sequence, [...u32(-errno), ...Array<number>(16).fill(0)]);

/** struct genlmsghdr. */
export const genl = (command: number, version = 1): Bytes => [
  command,
  version,
  0,
  0,
];

export interface Slot {
  readonly words: Uint32Array;
  /** Byte offset of the bytes in `words`. */
  readonly start: number;
  /** Byte offsets of the words that were read, in order. */
  readonly reads: readonly number[];
}

const GUARD_BYTES = 64;

/**
 * The bytes as a datagram between others: in front and behind lie bytes that look like more messages, and every read
 * is noted.
 */
export function slotOf(bytes: Bytes): Slot {
  const guard = Array.from({ length: GUARD_BYTES / 16 }, () => [
    ...u32(16),
    ...u16(0x7777),
    ...u16(0),
    ...u32(0x77777777),
    ...u32(0x77777777),
  ]).flat();
  const memory = new Uint8Array([...guard, ...pad4(bytes), ...guard]);
  const reads: number[] = [];
  const words = new Proxy(new Uint32Array(memory.buffer), {
    get(target, key) {
      if (typeof key === "string" && /^-?\d+$/.test(key))
        reads.push(Number(key) * 4);
      return Reflect.get(target, key);
    },
  });
  return { words, start: GUARD_BYTES, reads };
}

/** Reads that touch anything but the slot's own bytes. */
export function strayReads(slot: Slot, lengthBytes: number): number[] {
  return slot.reads.filter(
    (at) => !(at >= slot.start && at + 4 <= slot.start + lengthBytes),
  );
}
