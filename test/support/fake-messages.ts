/** Netlink messages and attributes as the kernel writes them. */

export const AGGREGATE_OF_TASK = 4;
export const AGGREGATE_OF_PROCESS = 5;

export function netlink(type: number, sequence: number, parts: Uint8Array[]) {
  const payload = concat(parts);
  const header = new DataView(new ArrayBuffer(16));
  header.setUint32(0, 16 + payload.length, true);
  header.setUint16(4, type, true);
  header.setUint32(8, sequence, true);
  return concat([new Uint8Array(header.buffer), payload]);
}

export function aggregate(
  type: number,
  id: number,
  stats: Uint8Array,
): Uint8Array {
  const idType = type === AGGREGATE_OF_TASK ? 1 : 2;
  return attribute(
    type,
    concat([attribute(idType, word(id)), attribute(3, stats)]),
  );
}

export function attribute(type: number, value: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4));
  header.setUint16(0, 4 + value.length, true);
  header.setUint16(2, type, true);
  const padding = new Uint8Array(-value.length & 3);
  return concat([new Uint8Array(header.buffer), value, padding]);
}

export function word(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, true);
  return new Uint8Array(view.buffer);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
