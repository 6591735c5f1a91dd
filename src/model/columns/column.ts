/** What every output can ask of a column. */
import { COUNTER_ENTRIES, type Counter } from "../counters.ts";
import { UNKNOWN, type Format } from "../text/format.ts";
import type { IoDelta, TaskDelta, Unknown } from "../sample.ts";
import type { View } from "../view/view.ts";

/**
 * A value that orders rows. An unknown amount counts as nothing. So a task that did nothing has the same key whether
 * its waits are known or not, and idle rows stay in the order of their ids while tasks come and go. No number is below
 * 0.
 */
export type SortKey = number | string;

interface AnyColumn {
  readonly id: string;
  title(view: View): string;
  /** The title for narrow windows, if it is shorter. */
  shortTitle?(view: View): string;
  readonly align: "left" | "right";
  /**
   * Least number of display cells: enough for usual values; longer ones need more. "rest": what the other columns
   * leave.
   */
  readonly width: number | "rest";
  /** Which outputs show it by default. Scripts count the fields of batch, so batch never gets another one. */
  readonly shownBy: readonly ("screen" | "batch")[];
  /**
   * The key that hides or shows it on the screen: one character that no other key command uses; null: it is chosen by
   * name.
   */
  readonly key: string | null;
  /** The direction in which the user sorts by this column first. */
  readonly descending: boolean;
  /** Printable text, neither cut nor padded. */
  cell(
    row: TaskDelta,
    view: View,
    format: Format,
    whole?: IoDelta | null,
  ): string;
  /** The same type for all rows. */
  sortKey(row: TaskDelta, view: View): SortKey;
  /** "proc" if each row needs a file of /proc on first use. Ten thousand files are not read while a key waits. */
  readonly reads: "memory" | "proc";
  /** Whether a row that stands for several ended tasks has a common value for it. */
  readonly ofGroup: boolean;
  /** One sentence for the help. */
  readonly about: string;
  /** The kernel field that it comes from. */
  readonly source: string;
}

/** @param whole what all tasks did in the time that the view tells of, where that is known */
type Amount = (
  row: TaskDelta,
  view: View,
  whole?: IoDelta | null,
) => number | Unknown;

interface TextColumn extends AnyColumn {
  readonly kind: "id" | "text";
}

interface AmountColumn extends AnyColumn {
  /**
   * "size": bytes, or bytes per second with rates. "share": percent. "bytes": bytes in any view. "calls": calls, or
   * calls per second with rates. "count": a number.
   */
  readonly kind: "size" | "share" | "bytes" | "calls" | "count";
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

/** A column of bytes, or of bytes per second with rates. */
export function size(amount: Amount) {
  return {
    ...NUMBER,
    kind: "size",
    amount,
    cell: (row: TaskDelta, view: View, format: Format): string => {
      const bytes = amount(row, view);
      return view.accumulated ? format.bytes(bytes) : format.rate(bytes);
    },
    sortKey: sortKeyOf(amount),
  } as const;
}

/** A column of percentages. */
export function share(amount: Amount) {
  return {
    ...NUMBER,
    kind: "share",
    amount,
    cell: (
      row: TaskDelta,
      view: View,
      format: Format,
      whole?: IoDelta | null,
    ): string => format.percent(amount(row, view, whole)),
    sortKey: sortKeyOf(amount),
  } as const;
}

/** A column of bytes that is the same with rates and with sums. */
export function bytes(amount: Amount) {
  return {
    ...NUMBER,
    kind: "bytes",
    amount,
    cell: (row: TaskDelta, view: View, format: Format): string =>
      format.bytes(amount(row, view)),
    sortKey: sortKeyOf(amount),
  } as const;
}

/** A column of calls, or of calls per second with rates. */
export function calls(amount: Amount) {
  return {
    ...NUMBER,
    kind: "calls",
    amount,
    cell: (row: TaskDelta, view: View): string => {
      const count = amount(row, view);
      if (count === null) return UNKNOWN;
      return view.accumulated ? String(count) : `${Math.round(count)} /s`;
    },
    sortKey: sortKeyOf(amount),
  } as const;
}

const sortKeyOf =
  (amount: Amount) =>
  (row: TaskDelta, view: View): SortKey =>
    amount(row, view) ?? 0;

/** The kernel's names of these counters. */
export function taskstats(...counters: readonly Counter[]): string {
  const fields = counters.map((name) => COUNTER_ENTRIES[name].taskstats);
  return `taskstats ${fields.join(", ")}`;
}

export function idOf(row: TaskDelta, view: View): number {
  return view.processes ? row.task.pid : row.task.tid;
}
