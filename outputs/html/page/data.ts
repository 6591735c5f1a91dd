/**
 * The data in the page: written by the output, read by the page's script, and by whoever wants the numbers.
 */

/**
 * One amount for each bin, null where it is unknown; -3 stands for three zeros, since amounts are never negative. Null: it
 * is unknown in every bin.
 */
export type Column = readonly (number | null)[] | null;

/** What one group did. For each amount, the groups and the rest make up the total of all tasks, bin by bin. */
export interface GroupData {
  /** Safe to show. Empty for the rest. */
  readonly name: string;
  /** In units of `bytes_unit`. */
  readonly read: Column;
  readonly write: Column;
  readonly cancelled: Column;
  readonly io_delay_ns: Column;
  /** Processes that did something in this bin for the first time, and for the last time. */
  readonly first: Column;
  readonly last: Column;
  /** Those of `last` whose end was seen. */
  readonly ended: Column;
}

export interface PageData {
  readonly schema: "iotop.page/1";
  readonly version: string;
  /** Machines, safe to show. */
  readonly hosts: readonly string[];
  readonly boots: number;
  /** What local time is ahead of UTC, s, each from a time on, Unix ms; the first from the beginning on. */
  readonly utc_offsets: readonly (readonly [
    from_ms: number,
    offset_s: number,
  ])[];
  /** Bytes in a K. */
  readonly kilo: 1000 | 1024;
  /** When a newer page takes the place of this one, s; null: it is the last one. */
  readonly next_s: number | null;
  readonly samples: number;
  /** Sum of the intervals of all samples. */
  readonly watched_ns: number;
  /** Begin of the first bin, Unix ms. */
  readonly from_ms: number;
  /** For each bin: its end, ms after `from_ms`. Ascending. */
  readonly end_ms: readonly number[];
  /** For each bin: how long was watched, up to its end. There may be a pause between two bins. */
  readonly bin_ns: readonly number[];
  readonly bytes_unit: 1 | 1024;
  /** What groups are. */
  readonly words: {
    readonly title: string;
    readonly one: string;
    readonly many: string;
  };
  /** The biggest groups, the biggest first. */
  readonly groups: readonly GroupData[];
  readonly rest: GroupData;
  /** How many groups the rest is made of. */
  readonly rest_names: number;
  /** What the block layer moved, in units of `bytes_unit`. */
  readonly disk_read: Column;
  readonly disk_write: Column;
  /** Time in which some or all tasks were stalled on I/O. */
  readonly stalled_some_ns: Column;
  readonly stalled_full_ns: Column;
  /** What has to be known of the numbers: sentences without a full stop. */
  readonly notes: readonly string[];
}

export function encodeColumn(amounts: readonly (number | null)[]): Column {
  if (amounts.every((amount) => amount === null)) return null;
  const column: (number | null)[] = [];
  let zeros = 0;
  const flush = (): void => {
    if (zeros > 0) column.push(zeros === 1 ? 0 : -zeros);
    zeros = 0;
  };
  for (const amount of amounts) {
    if (amount === 0) zeros++;
    else {
      flush();
      column.push(amount);
    }
  }
  flush();
  return column;
}

/** @param length number of bins */
export function decodeColumn(
  column: Column,
  length: number,
): readonly (number | null)[] {
  if (column === null) return Array<null>(length).fill(null);
  return column.flatMap((amount) =>
    amount !== null && amount < 0 ? Array<number>(-amount).fill(0) : [amount],
  );
}
