/** What every output may ask of a column. */
import { COUNTER_ENTRIES, type Counter } from "./counters.ts";
import type { Format } from "./output.ts";
import type { TaskDelta, Unknown } from "./sample.ts";
import type { View } from "./view.ts";

/**
 * A value that orders rows. An unknown amount counts as nothing: a task that did nothing has the same key whether its
 * waits are known or not, so that idle rows stay in the order of their ids while tasks come and go. No number is below
 * 0.
 */
export type SortKey = number | string;

interface AnyColumn {
  readonly id: string;
  title(view: View): string;
  /** What stands above it where windows are narrow, if that is shorter. */
  readonly shortTitle?: string;
  readonly align: "left" | "right";
  /** Least display cells: enough for usual values; wider ones need more. "rest": what the other columns leave. */
  readonly width: number | "rest";
  /** Of columns that do not fit into a window the lowest leave first, and of equals the last; null: it never does. */
  readonly rank: number | null;
  /** Which outputs show it unasked. Fields of batch are counted by scripts: it never gets another one. */
  readonly shownBy: readonly ("screen" | "batch")[];
  /** What hides or shows it on the screen: one character that is no other key. */
  readonly key: string;
  /** The direction in which one sorts by this column first. */
  readonly descending: boolean;
  /** Printable, neither cut nor padded. */
  cell(row: TaskDelta, view: View, format: Format): string;
  /** All rows give the same type. */
  sortKey(row: TaskDelta, view: View): SortKey;
  /** "proc" if each row costs a file of /proc on first use: ten thousand of them are not read while a key waits. */
  readonly reads: "memory" | "proc";
  /** Whether several tasks that ended, in one row, have it in common. */
  readonly ofGroup: boolean;
  /** One sentence for the help. */
  readonly about: string;
  /** Where the kernel says it. */
  readonly source: string;
}

type Amount = (row: TaskDelta, view: View) => number | Unknown;

interface TextColumn extends AnyColumn {
  readonly kind: "id" | "text";
}

interface AmountColumn extends AnyColumn {
  /** Bytes, or with rates bytes per second; or percent of the time. */
  readonly kind: "size" | "share";
  /** The number in the cell. */
  readonly amount: Amount;
}

export type ColumnEntry = TextColumn | AmountColumn;

const NUMBER = {
  align: "right",
  descending: true,
  reads: "memory",
  ofGroup: true,
} as const;

/** A column of bytes, or with rates of bytes per second. */
export function size(amount: Amount) {
  return {
    ...NUMBER,
    kind: "size",
    amount,
    cell: (row: TaskDelta, view: View, format: Format): string =>
      view.accumulated
        ? format.bytes(amount(row, view))
        : format.rate(amount(row, view)),
    sortKey: (row: TaskDelta, view: View): SortKey => amount(row, view) ?? 0,
  } as const;
}

/** A column of percent. */
export function share(amount: Amount) {
  return {
    ...NUMBER,
    kind: "share",
    amount,
    cell: (row: TaskDelta, view: View, format: Format): string =>
      format.percent(amount(row, view)),
    sortKey: (row: TaskDelta, view: View): SortKey => amount(row, view) ?? 0,
  } as const;
}

/** What the kernel calls these counters. */
export function taskstats(...counters: readonly Counter[]): string {
  const fields = counters.map((name) => COUNTER_ENTRIES[name].taskstats);
  return `taskstats ${fields.join(", ")}`;
}

export function idOf(row: TaskDelta, view: View): number {
  return view.processes ? row.task.pid : row.task.tid;
}
