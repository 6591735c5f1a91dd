/** Netlink messages and attributes as the kernel writes them. Histories make millions: each is copied once or twice. */

export const AGGREGATE_OF_TASK = 4;
export const AGGREGATE_OF_PROCESS = 5;

const HEADER_BYTES = 16;

export function netlink(
  type: number,
  sequence: number,
  parts: readonly Uint8Array[],
): Uint8Array {
  const whole = joined(HEADER_BYTES, parts);
  putU32(whole, 0, whole.length);
  putU16(whole, 4, type);
  putU32(whole, 8, sequence);
  return whole;
}

export const aggregate = (
  type: number,
  id: number,
  stats: Uint8Array,
): Uint8Array =>
  attribute(
    type,
    attribute(type === AGGREGATE_OF_TASK ? 1 : 2, word(id)),
    attribute(3, stats),
  );

/** Padded to 4 bytes; its length leaves the padding out. */
export function attribute(
  type: number,
  ...values: readonly Uint8Array[]
): Uint8Array {
  const whole = joined(4, values);
  putU16(whole, 0, 4 + lengthOf(values));
  putU16(whole, 2, type);
  return whole;
}

export function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, value);
  return bytes;
}

export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  putU16(bytes, at, value);
  putU16(bytes, at + 2, value >>> 16);
}

/** @param value a whole number from 0 to 2^53 */
export function putU64(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at, value);
  putU32(bytes, at + 4, value / 2 ** 32);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) sum += part.length;
  return sum;
}

/** The parts, one after the other behind room for a header, padded to 4 bytes. */
function joined(header: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = header + lengthOf(parts);
  const whole = new Uint8Array(length + (-length & 3));
  let at = header;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
