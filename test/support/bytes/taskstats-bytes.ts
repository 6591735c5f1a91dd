/** struct taskstats, packed by name at offsets that a test states: shares nothing with the decoder. */
import {
  attribute,
  genl,
  message,
  u16,
  u32,
  type Bytes,
} from "./netlink-bytes.ts";
import { structOf, VERSIONS } from "./taskstats-struct.ts";

/** Bytes of the struct by version. */
export const STRUCT_BYTES: Readonly<Record<number, number>> =
  Object.fromEntries(
    VERSIONS.map((version) => [version, structOf(version).lengthBytes]),
  );

export interface StructOptions {
  readonly version: number;
  readonly lengthBytes: number;
  /** One that this version does not have is left out. */
  readonly fields: Readonly<Record<string, number | string>>;
  /** What all other bytes are: anything but zero shows a decoder that reads beside its fields. */
  readonly filler?: number;
}

/** Names that any version has. */
const KNOWN = structOf(Infinity).fields;

export function packTaskstats(options: StructOptions): Bytes {
  const { version, lengthBytes, fields, filler = 0xaa } = options;
  const bytes = new Uint8Array(Math.max(lengthBytes, 1024)).fill(filler);
  const view = new DataView(bytes.buffer);
  const places = structOf(version).fields;
  view.setUint16(0, version, true);
  for (const [name, value] of Object.entries(fields)) {
    if (!KNOWN.has(name)) throw new Error(`struct taskstats has no ${name}`);
    const [offset, width] = places.get(name) ?? [NaN, 0];
    if (width === 0) continue;
    if (typeof value === "string") {
      bytes.fill(0, offset, offset + width);
      bytes.set(new TextEncoder().encode(value).subarray(0, width), offset);
    } else if (width === 1) view.setUint8(offset, value);
    else if (width === 4) view.setUint32(offset, value, true);
    else view.setBigUint64(offset, BigInt(value), true);
  }
  return [...bytes.subarray(0, lengthBytes)];
}

const TYPE_PID = 1;
const TYPE_TGID = 2;
const TYPE_STATS = 3;
const TYPE_AGGREGATE_PID = 4;
const TYPE_AGGREGATE_TGID = 5;

/** The nested attribute of one task, or of a whole process. */
export const aggregate = (
  id: number,
  struct: Bytes,
  isProcess = false,
): Bytes =>
  attribute(isProcess ? TYPE_AGGREGATE_TGID : TYPE_AGGREGATE_PID, [
    ...attribute(isProcess ? TYPE_TGID : TYPE_PID, u32(id)),
    ...attribute(TYPE_STATS, struct),
  ]);

/** A reply, or (with sequence 0) an exit message. */
export const taskstatsMessage = (
  family: number,
  sequence: number,
  ...aggregates: readonly Bytes[]
): Bytes => message(family, sequence, [...genl(2), ...aggregates.flat()]);

/** Type and value without the check of `attribute`: a length that lies. */
export const lyingAttribute = (
  length: number,
  type: number,
  value: Bytes,
): Bytes => [...u16(length), ...u16(type), ...value];
