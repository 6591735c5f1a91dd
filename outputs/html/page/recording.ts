/** The page's data, made ready for sums and charts: whole columns, bytes instead of units, times instead of offsets. */
import {
  decodeColumn,
  type Column,
  type GroupData,
  type PageData,
} from "./data.ts";

/** Null: unknown. */
export type Amounts = readonly (number | null)[];

/** What one group did, bin by bin. */
export interface Group {
  readonly name: string;
  /** Bytes. */
  readonly read: Amounts;
  readonly write: Amounts;
  readonly cancelled: Amounts;
  /** Time, ns. */
  readonly waited: Amounts;
  /** Processes that did something for the first time, for the last time, and those of these that have ended. */
  readonly first: Amounts;
  readonly last: Amounts;
  readonly ended: Amounts;
}

export interface Recording {
  readonly length: number;
  /** For each bin, Unix ms. Where one begins later than the one before ends, nobody watched in between. */
  readonly beginMs: readonly number[];
  readonly endMs: readonly number[];
  readonly watchedNs: readonly number[];
  /** The biggest groups, the biggest first, and the rest as the last one. */
  readonly groups: readonly Group[];
  readonly diskRead: Amounts;
  readonly diskWrite: Amounts;
  readonly stalledSome: Amounts;
  readonly stalledFull: Amounts;
}

/** What a pause must be of the length of a bin to be one: the clock of times is not that of intervals. */
const LEAST_PAUSE = 0.25;

export function readRecording(data: PageData): Recording {
  const { length } = data.end_ms;
  const amounts = (column: Column, unit = 1): Amounts =>
    decodeColumn(column, length).map((amount) =>
      amount === null ? null : amount * unit,
    );
  const bytes = (column: Column): Amounts => amounts(column, data.bytes_unit);
  const group = (each: GroupData): Group => ({
    name: each.name,
    read: bytes(each.read),
    write: bytes(each.write),
    cancelled: bytes(each.cancelled),
    waited: amounts(each.io_delay_ns),
    first: amounts(each.first),
    last: amounts(each.last),
    ended: amounts(each.ended),
  });
  return {
    length,
    beginMs: beginsOf(data),
    endMs: data.end_ms.map((end) => data.from_ms + end),
    watchedNs: data.bin_ns,
    groups: [...data.groups, data.rest].map(group),
    diskRead: bytes(data.disk_read),
    diskWrite: bytes(data.disk_write),
    stalledSome: amounts(data.stalled_some_ns),
    stalledFull: amounts(data.stalled_full_ns),
  };
}

function beginsOf({ from_ms, end_ms, bin_ns }: PageData): readonly number[] {
  return end_ms.map((end, at) => {
    const lengthMs = bin_ns[at]! / 1e6;
    const before = at === 0 ? 0 : end_ms[at - 1]!;
    const begin = end - lengthMs;
    const isPause = begin - before > lengthMs * LEAST_PAUSE;
    return from_ms + (isPause ? begin : before);
  });
}

/** Local time is UTC plus this, ms. */
export function offsetMsAt(
  offsets: PageData["utc_offsets"],
  timeMs: number,
): number {
  const known = offsets.findLast(([fromMs]) => fromMs <= timeMs) ?? offsets[0];
  return (known?.[1] ?? 0) * 1000;
}
