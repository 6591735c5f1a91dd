/** A piece of the time of a run: one or more whole samples, and what each group did in them. */
import {
  addCounters,
  type IoDelta,
  type Sample,
  type Unknown,
} from "../../src/model/index.ts";
import { bootKeyOf } from "../run/watched.ts";

/** The counters that the page shows. */
export const SHOWN = [
  "readBytes",
  "writeBytes",
  "cancelledBytes",
  "ioWaitNs",
] as const satisfies readonly (keyof IoDelta)[];

export type Amounts = Readonly<
  Record<(typeof SHOWN)[number], number | Unknown>
>;

/** What one group did. */
export interface Cell {
  readonly amounts: Record<(typeof SHOWN)[number], number | Unknown>;
  /** Processes that did something for the first time, and for the last time. */
  first: number;
  last: number;
  /** Those of `last` whose end was seen. */
  ended: number;
}

export interface Bin {
  /** The boot that most of it is of: what is watched at the same time on another machine takes no more time. */
  readonly boot: string;
  samples: number;
  endMs: number;
  watchedNs: number;
  /** What all tasks did. */
  readonly total: Cell["amounts"];
  diskReadBytes: number | Unknown;
  diskWriteBytes: number | Unknown;
  stalledSomeNs: number | Unknown;
  stalledFullNs: number | Unknown;
  readonly cells: Map<string, Cell>;
  /** The groups that are no longer kept by name. */
  readonly small: Cell;
}

export const newAmounts = (): Cell["amounts"] => ({
  readBytes: null,
  writeBytes: null,
  cancelledBytes: null,
  ioWaitNs: null,
});

export const newCell = (): Cell => ({
  amounts: newAmounts(),
  first: 0,
  last: 0,
  ended: 0,
});

/** A bin of one sample, without its groups. */
export function binOf(
  { timeMs, intervalNs, origin, host }: Sample,
  total: Amounts,
): Bin {
  const amounts = newAmounts();
  addAmounts(amounts, total);
  const stalled = (ratio: number | undefined): number | Unknown =>
    ratio === undefined ? null : Math.round(ratio * intervalNs);
  return {
    boot: bootKeyOf(origin),
    samples: 1,
    endMs: timeMs,
    watchedNs: Math.round(intervalNs),
    total: amounts,
    diskReadBytes: host.diskReadBytes,
    diskWriteBytes: host.diskWriteBytes,
    stalledSomeNs: stalled(host.pressure?.someRatio),
    stalledFullNs: stalled(host.pressure?.fullRatio),
    cells: new Map(),
    small: newCell(),
  };
}

/** Begin of what was watched, Unix ms. */
export const beginMsOf = ({ endMs, watchedNs }: Bin): number =>
  endMs - watchedNs / 1e6;

/** In place. */
export function addAmounts(sum: Cell["amounts"], amounts: Amounts): void {
  for (const counter of SHOWN)
    sum[counter] = addCounters(sum[counter], amounts[counter]);
}

/** In place. */
export function addCell(sum: Cell, cell: Cell): void {
  addAmounts(sum.amounts, cell.amounts);
  sum.first += cell.first;
  sum.last += cell.last;
  sum.ended += cell.ended;
}

/**
 * Adds a bin to another one, in place. Its cells are taken over: it must not be used any more.
 *
 * @param isBeside both are about the same time
 */
export function mergeInto(bin: Bin, other: Bin, isBeside = false): void {
  const isOther = isBeside && bin.boot !== other.boot;
  if (!isOther) bin.watchedNs += other.watchedNs;
  bin.samples += other.samples;
  bin.endMs = Math.max(bin.endMs, other.endMs);
  addAmounts(bin.total, other.total);
  bin.diskReadBytes = addCounters(bin.diskReadBytes, other.diskReadBytes);
  bin.diskWriteBytes = addCounters(bin.diskWriteBytes, other.diskWriteBytes);
  // A share of time that was not observed cannot be estimated. Of several machines, the one that was stalled most counts.
  const join = isOther ? Math.max : (a: number, b: number) => a + b;
  const joined = (a: number | Unknown, b: number | Unknown) =>
    a === null || b === null ? null : join(a, b);
  bin.stalledSomeNs = joined(bin.stalledSomeNs, other.stalledSomeNs);
  bin.stalledFullNs = joined(bin.stalledFullNs, other.stalledFullNs);
  addCell(bin.small, other.small);
  for (const [name, cell] of other.cells) {
    const mine = bin.cells.get(name);
    if (mine === undefined) bin.cells.set(name, cell);
    else addCell(mine, cell);
  }
}
