/** What the table shows of a range of bins. */
import type { Amounts, Group, Recording } from "./recording.ts";

/** Bins, `to` excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A sum of what is known; null if nothing is. */
export type Sum = {
  readonly known: number;
  /** Something is unknown: the whole is no less than this. */
  readonly isPart: boolean;
} | null;

/** One group in the range, or all together. */
export interface Row {
  /** Place among the groups; that of the total is after the last one. */
  readonly id: number;
  readonly name: string;
  readonly processes: Sum;
  readonly ended: Sum;
  readonly read: Sum;
  readonly write: Sum;
  readonly cancelled: Sum;
  readonly waited: Sum;
  /** Bytes read, and written but not cancelled. */
  readonly moved: Sum;
  /** Of what all moved, 0 to 1; null: unknown. */
  readonly share: number | null;
}

export function sumOf(amounts: Amounts, { from, to }: Range): Sum {
  let known: number | null = null;
  let isPart = false;
  for (let at = from; at < to; at++) {
    const amount = amounts[at]!;
    if (amount === null) isPart = true;
    else known = (known ?? 0) + amount;
  }
  return known === null ? null : { known, isPart };
}

export function addSums(a: Sum, b: Sum): Sum {
  if (a === null || b === null) {
    const one = a ?? b;
    return one === null ? null : { known: one.known, isPart: true };
  }
  return { known: a.known + b.known, isPart: a.isPart || b.isPart };
}

/** Whether it is known to have done nothing. */
export const isIdle = ({ read, write, waited, processes }: Row): boolean =>
  [read, write, waited, processes].every((sum) => sum?.known === 0);

/** The groups in their order, the rest as the last one, and the total. */
export function rowsOf(
  { groups }: Recording,
  range: Range,
): { readonly rows: readonly Row[]; readonly total: Row } {
  const shareless = groups.map((group, id) => rowOf(group, id, range));
  const total = shareless.reduce(addRows);
  const whole = total.moved?.known ?? 0;
  const withShare = (row: Row): Row => ({
    ...row,
    share: row.moved === null ? null : whole > 0 ? row.moved.known / whole : 0,
  });
  return {
    rows: shareless.map(withShare),
    total: withShare({ ...total, id: groups.length, name: "" }),
  };
}

function rowOf(group: Group, id: number, range: Range): Row {
  const read = sumOf(group.read, range);
  const write = sumOf(group.write, range);
  const cancelled = sumOf(group.cancelled, range);
  return {
    id,
    name: group.name,
    processes: processesIn(group, range),
    ended: sumOf(group.ended, range),
    ...{ read, write, cancelled },
    waited: sumOf(group.waited, range),
    moved: addSums(read, netOf(write, cancelled)),
    share: null,
  };
}

/** Each was cut off at 0 already, so that the sums are added up too. */
function addRows(a: Row, b: Row): Row {
  return {
    ...a,
    processes: addSums(a.processes, b.processes),
    ended: addSums(a.ended, b.ended),
    read: addSums(a.read, b.read),
    write: addSums(a.write, b.write),
    cancelled: addSums(a.cancelled, b.cancelled),
    waited: addSums(a.waited, b.waited),
    moved: addSums(a.moved, b.moved),
  };
}

function netOf(write: Sum, cancelled: Sum): Sum {
  if (write === null) return null;
  const known = Math.max(0, write.known - (cancelled?.known ?? 0));
  return { known, isPart: write.isPart };
}

/** Those that did something before the range is over, and did not do all of it before it began. */
function processesIn({ first, last }: Group, { from, to }: Range): Sum {
  const begun = sumOf(first, { from: 0, to });
  const over = sumOf(last, { from: 0, to: from });
  if (begun === null) return null;
  return { ...begun, known: begun.known - (over?.known ?? 0) };
}

/** Columns of the table, in their order. */
export const COLUMNS = [
  "name",
  "processes",
  "ended",
  "read",
  "write",
  "cancelled",
  "waited",
  "share",
] as const;
export type ColumnId = (typeof COLUMNS)[number];

export interface Order {
  readonly by: ColumnId;
  readonly isDescending: boolean;
}

/** Unknown comes last in either direction; equals stay in the order of the groups. */
export function sortRows(
  rows: readonly Row[],
  { by, isDescending }: Order,
): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (by === "name") return sign * a.name.localeCompare(b.name);
    const x = amountIn(a, by);
    const y = amountIn(b, by);
    if (x === null || y === null)
      return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

function amountIn(row: Row, by: Exclude<ColumnId, "name">): number | null {
  return by === "share" ? row.share : (row[by]?.known ?? null);
}

/** What a second click on a title asks for: the other direction. Numbers begin with the biggest. */
export const orderAfterClick = (now: Order, by: ColumnId): Order => ({
  by,
  isDescending: now.by === by ? !now.isDescending : by !== "name",
});
