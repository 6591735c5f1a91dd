/** struct taskstats, packed by name at offsets that a test states: shares nothing with the decoder. */
import {
  attribute,
  genl,
  message,
  u16,
  u32,
  type Bytes,
} from "./netlink-bytes.ts";

/** Offsets in bytes and widths, from the design figures and linux/taskstats.h; the same for all versions but 15. */
export const COMMON_OFFSETS = {
  version: [0, 2],
  ac_exitcode: [4, 4],
  ac_flag: [8, 1],
  cpu_count: [16, 8],
  blkio_delay_total: [40, 8],
  swapin_delay_total: [56, 8],
  cpu_run_virtual_total: [72, 8],
  ac_comm: [80, 32],
  ac_uid: [120, 4],
  ac_pid: [128, 4],
  ac_ppid: [132, 4],
  ac_etime: [144, 8],
  hiwater_vm: [208, 8],
  read_char: [216, 8],
  write_char: [224, 8],
  read_syscalls: [232, 8],
  write_syscalls: [240, 8],
  read_bytes: [248, 8],
  write_bytes: [256, 8],
  cancelled_write_bytes: [264, 8],
  ac_tgid: [368, 4],
  ac_tgetime: [376, 8],
} as const satisfies Record<string, readonly [number, number]>;

export type StructField = keyof typeof COMMON_OFFSETS;

/** Version 15, Linux 6.14 and 6.15: each `*_delay_total` is followed by a maximum and a minimum. */
export const VERSION_15_OFFSETS: Readonly<
  Record<StructField, readonly [number, number]>
> = {
  ...COMMON_OFFSETS,
  blkio_delay_total: [56, 8],
  swapin_delay_total: [88, 8],
  cpu_run_virtual_total: [120, 8],
  ac_comm: [128, 32],
  ac_uid: [168, 4],
  ac_pid: [176, 4],
  ac_ppid: [180, 4],
  ac_etime: [192, 8],
  hiwater_vm: [256, 8],
  read_char: [264, 8],
  write_char: [272, 8],
  read_syscalls: [280, 8],
  write_syscalls: [288, 8],
  read_bytes: [296, 8],
  write_bytes: [304, 8],
  cancelled_write_bytes: [312, 8],
  ac_tgid: [464, 4],
  ac_tgetime: [472, 8],
};

/** Bytes of the struct by version. */
export const STRUCT_BYTES: Readonly<Record<number, number>> = {
  4: 312,
  8: 328,
  9: 344,
  14: 432,
  15: 560,
  16: 560,
};

export interface StructOptions {
  readonly version: number;
  readonly lengthBytes: number;
  readonly fields: Partial<Record<StructField, number | string>>;
  /** What all other bytes are: anything but zero shows a decoder that reads beside its fields. */
  readonly filler?: number;
}

export function packTaskstats(options: StructOptions): Bytes {
  const { version, lengthBytes, fields, filler = 0xaa } = options;
  const bytes = new Uint8Array(Math.max(lengthBytes, 1024)).fill(filler);
  const view = new DataView(bytes.buffer);
  const offsets = version === 15 ? VERSION_15_OFFSETS : COMMON_OFFSETS;
  view.setUint16(0, version, true);
  for (const [name, value] of Object.entries(fields)) {
    const [offset, width] = offsets[name as StructField];
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
