/** The page of the output html, as a program reads it that wants the numbers. */
import {
  decodeColumn,
  type GroupData,
  type PageData,
} from "../../outputs/html/page/data.ts";
import type { Group, Recording } from "../../outputs/html/page/recording.ts";

export function pageDataIn(page: string): PageData {
  const [, json] =
    /<script id="data" type="application\/json">(.*)<\/script>/.exec(page) ??
    [];
  if (json === undefined) throw new Error("the page has no data");
  return JSON.parse(json) as PageData;
}

type Amount = "read" | "write" | "cancelled" | "io_delay_ns";

/** Over all bins, in bytes or ns. Null: it is unknown in each. */
export function sumIn(
  { end_ms, bytes_unit }: PageData,
  group: GroupData,
  amount: Amount,
): number | null {
  const column = decodeColumn(group[amount], end_ms.length);
  const known = column.filter((value) => value !== null);
  if (known.length === 0) return null;
  const unit = amount === "io_delay_ns" ? 1 : bytes_unit;
  return known.reduce((sum, value) => sum + value * unit, 0);
}

/** The groups and the rest. */
export const totalIn = (data: PageData, amount: Amount): number =>
  [...data.groups, data.rest].reduce(
    (sum, group) => sum + (sumIn(data, group, amount) ?? 0),
    0,
  );

/** What is not program, nor style. */
export const withoutCode = (page: string): string =>
  page.replace(/<(script|style)>.*?<\/\1>/gs, "");

/** A group of four bins in which it did nothing but what is given. */
export const groupOf = (fields: Partial<Group>): Group => ({
  name: "one",
  ...{ read: IDLE, write: IDLE, cancelled: IDLE, waited: IDLE },
  ...{ first: IDLE, last: IDLE, ended: IDLE },
  ...fields,
});

const IDLE = [0, 0, 0, 0];

/** Four bins of a second, from 10 s on; the last group is the rest. */
export const recordingOf = (...groups: readonly Group[]): Recording => ({
  length: 4,
  beginMs: [10_000, 11_000, 12_000, 13_000],
  endMs: [11_000, 12_000, 13_000, 14_000],
  watchedNs: [1e9, 1e9, 1e9, 1e9],
  groups,
  ...{ diskRead: IDLE, diskWrite: IDLE, stalledSome: IDLE, stalledFull: IDLE },
});
