/** What a task did: now, since it is watched, in its life. Pure. */
import {
  perSecond,
  percentOf,
  type IoDelta,
  type TaskDelta,
} from "../../../src/model/index.ts";
import {
  compactBytes,
  compactCount,
  compactPercent,
  type SizeUnits,
} from "../table/compact-numbers.ts";
import { rateStyle, shareStyle, sumStyle, type Style } from "../cells/theme.ts";
import { padLeft, padRight, type Span, type Spans } from "./spans.ts";
import type { Inspected } from "./details-watch.ts";

interface AmountColumn {
  readonly title: string;
  readonly cells: number;
  readonly counter: keyof IoDelta;
}

/** In the order of the screen. */
const COLUMNS: readonly AmountColumn[] = [
  { title: "READ", cells: 8, counter: "readBytes" },
  { title: "WRITE", cells: 8, counter: "writeBytes" },
  { title: "CANCEL", cells: 8, counter: "cancelledBytes" },
  { title: "LOGIC R", cells: 9, counter: "logicalReadBytes" },
  { title: "LOGIC W", cells: 9, counter: "logicalWriteBytes" },
  { title: "CALLS R", cells: 9, counter: "readCalls" },
  { title: "CALLS W", cells: 9, counter: "writeCalls" },
  { title: "IO", cells: 8, counter: "ioWaitNs" },
  { title: "SWAPIN", cells: 8, counter: "swapWaitNs" },
];
/** Where there is no room for all, those that come first stay. */
const BY_RANK: readonly (keyof IoDelta)[] = [
  ...(["readBytes", "writeBytes", "ioWaitNs", "cancelledBytes"] as const),
  ...(["logicalReadBytes", "logicalWriteBytes"] as const),
  ...(["readCalls", "writeCalls", "swapWaitNs"] as const),
];
const LABEL_CELLS = 9;
/** "123456789K/s". */
const KILOBYTE_COLUMN_CELLS = 13;

/** A line of amounts. */
interface AmountRow {
  readonly label: string;
  readonly amounts: Partial<IoDelta>;
  /** Of the time that the amounts cover, for rates; null for sums. */
  readonly elapsedNs: number | null;
}

export function amountLines(
  row: TaskDelta,
  inspected: Inspected,
  columns: number,
  units: SizeUnits,
): readonly Spans[] {
  const shown = fitting(columns, units);
  const title: Spans = [
    {
      text:
        " ".repeat(LABEL_CELLS) +
        shown.map(({ title, cells }) => padLeft(title, cells)).join(""),
      style: "faint",
    },
  ];
  const rows = amountRows(row, inspected);
  return [title, ...rows.map((each) => amountLine(each, shown, units))];
}

function fitting(
  columns: number,
  { kilobytes }: SizeUnits,
): readonly AmountColumn[] {
  const all = kilobytes
    ? COLUMNS.map((column) => ({ ...column, cells: KILOBYTE_COLUMN_CELLS }))
    : COLUMNS;
  let room = columns - LABEL_CELLS;
  const kept = new Set<keyof IoDelta>();
  for (const counter of BY_RANK) {
    room -= all.find((column) => column.counter === counter)!.cells;
    if (room < 0) break;
    kept.add(counter);
  }
  return all.filter(({ counter }) => kept.has(counter));
}

function amountRows(
  row: TaskDelta,
  inspected: Inspected,
): readonly AmountRow[] {
  const { details } = inspected;
  // Of a task that ended, the last message says more than the last look.
  const lifetime: Partial<IoDelta> = {
    ...(details?.lifetime ?? row.lifetime),
    ...(inspected.hasEnded ? row.lifetime : null),
  };
  const rows: AmountRow[] = [
    { label: "now", ...amountsNow(row, inspected) },
    { label: "watched", amounts: row.since, elapsedNs: null },
    { label: "lifetime", amounts: lifetime, elapsedNs: null },
  ];
  const whole = details?.withEnded ?? null;
  if (whole !== null && isMore(whole, lifetime))
    // What the kernel has of the process besides its threads.
    rows.push({ label: "+ended", amounts: whole, elapsedNs: null });
  return rows;
}

/** The calls of an interval are in no sample of taskstats: they are what two looks differ by. */
function amountsNow(
  row: TaskDelta,
  { details, before }: Inspected,
): Pick<AmountRow, "amounts" | "elapsedNs"> {
  const calls = (counter: "readCalls" | "writeCalls"): number | null => {
    if (row[counter] !== null) return row[counter];
    const now = details?.lifetime?.[counter] ?? null;
    const then = before?.lifetime?.[counter] ?? null;
    if (details === null || before === null || now === null || then === null)
      return null;
    const elapsedS = details.uptimeS - before.uptimeS;
    if (elapsedS <= 0 || now < then) return null;
    return ((now - then) / elapsedS) * (row.elapsedNs / 1e9);
  };
  return {
    amounts: {
      ...pick(row),
      readCalls: calls("readCalls"),
      writeCalls: calls("writeCalls"),
    },
    elapsedNs: row.elapsedNs,
  };
}

function pick(row: TaskDelta): Partial<IoDelta> {
  return Object.fromEntries(
    COLUMNS.map(({ counter }) => [counter, row[counter]]),
  );
}

function isMore(whole: IoDelta, own: Partial<IoDelta>): boolean {
  return COLUMNS.some(
    ({ counter }) => (whole[counter] ?? 0) > (own[counter] ?? 0),
  );
}

function amountLine(
  { label, amounts, elapsedNs }: AmountRow,
  shown: readonly AmountColumn[],
  units: SizeUnits,
): Spans {
  return [
    { text: padRight(label, LABEL_CELLS), style: "faint" },
    ...shown.map(({ cells, counter }): Span => {
      const { text, style } = amountText(
        counter,
        amounts[counter] ?? null,
        elapsedNs,
        units,
      );
      return { text: padLeft(text, cells), style };
    }),
  ];
}

function amountText(
  counter: keyof IoDelta,
  amount: number | null,
  elapsedNs: number | null,
  units: SizeUnits,
): { readonly text: string; readonly style: Style } {
  const isTime = counter.endsWith("Ns");
  const isCount = counter.endsWith("Calls");
  if (elapsedNs === null) {
    if (isTime) return { text: longTime(amount), style: "plain" };
    return isCount
      ? { text: compactCount(amount), style: amount === 0 ? "faint" : "plain" }
      : { text: compactBytes(amount, units), style: sumStyle(amount) };
  }
  if (isTime) {
    const percent = percentOf(amount, elapsedNs);
    return { text: compactPercent(percent), style: shareStyle(percent) };
  }
  const rate = perSecond(amount, elapsedNs);
  const text = isCount ? compactCount(rate) : compactBytes(rate, units);
  return {
    text: rate === null || rate === 0 ? text : `${text}/s`,
    style: isCount ? (rate === 0 ? "faint" : "plain") : rateStyle(rate),
  };
}

/** "0", "0.4s", "12s", "18m40s", "5h02m". */
export function longTime(ns: number | null): string {
  if (ns === null) return "?";
  if (ns <= 0) return "0";
  const s = ns / 1e9;
  if (s < 9.95) return `${Math.max(0.1, s).toFixed(1)}s`;
  const whole = Math.round(s);
  const two = (number: number): string => String(number).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}
