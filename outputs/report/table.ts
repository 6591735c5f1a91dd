/** The table of the report: the groups that moved the most, all others, and the total. */
import {
  addCounters,
  fitName,
  netBytes,
  remainderOf,
  shortenContainerIds,
  type Format,
  type GroupKind,
  type IoDelta,
  type Unknown,
} from "../../src/model/index.ts";
import { KINDS, titleOf } from "../run/group-words.ts";
import { sumTotals, type GroupTotal } from "./group-totals.ts";

/** Who did how much. */
export interface Amounts {
  readonly kind: GroupKind;
  /** Of the whole machine, or of the tasks that -p and -u select. */
  readonly total: IoDelta;
  /** Each process once. */
  readonly processes: number;
  readonly ended: number;
  readonly top: readonly GroupTotal[];
  readonly others: { readonly names: number; readonly sum: GroupTotal } | null;
}

export interface TableFindings extends Amounts {
  /** Names are not cut, however long they are. */
  readonly hasWholeNames: boolean;
}

/** Long names, such as those of cgroups, get the space that the figures leave of this; in a file they are whole. */
const TABLE_COLUMNS = 100;
const GAP = "  ";

export interface Row {
  readonly name: string;
  /** Null: unknown. */
  readonly processes: number | Unknown;
  readonly ended: number | Unknown;
  readonly io: IoDelta;
  readonly netBytes: number | Unknown;
}

/**
 * Columns of text without borders, as in the batch text: this reads well in a mail, and fields are easy to cut. Empty
 * if nothing happened.
 */
export function tableLines(
  findings: TableFindings,
  format: Format,
): readonly string[] {
  const { named, summed, total } = rowsOf(findings);
  const listed = [...named, ...summed];
  if (listed.length === 0) return [];
  const figures = figureLines([...listed, total], format);
  const room = findings.hasWholeNames
    ? Infinity
    : TABLE_COLUMNS - figures[0]!.length;
  const short = shortenContainerIds(named.map(({ name }) => name));
  const names = [
    KINDS[findings.kind].title,
    ...named.map(({ name }) => fitName(format.text(short.get(name)!), room)),
    ...summed.map(({ name }) => name),
    total.name,
  ];
  const width = Math.max(...names.map((name) => Bun.stringWidth(name)));
  return names.map((name, n) => {
    // Padded here, because cli-table3 is wrong about some wide characters.
    const blanks = " ".repeat(width - Bun.stringWidth(name));
    return name + blanks + figures[n]!;
  });
}

/** Groups, what is in none of them, and the sum of both. */
export function rowsOf(amounts: Amounts): {
  readonly named: readonly GroupTotal[];
  readonly summed: readonly Row[];
  readonly total: Row;
} {
  const named = amounts.top;
  const summed = [...otherRows(amounts), ...unlistedRows(amounts)];
  return { named, summed, total: totalRow(amounts, [...named, ...summed]) };
}

/** Everything after the name, the titles first: columns aligned to the right, each after a gap. */
function figureLines(rows: readonly Row[], format: Format): readonly string[] {
  const withCancelled = rows.some(({ io }) => io.cancelledBytes);
  const whole = rows.at(-1)!.netBytes ?? 0;
  const titles = [
    "PROCESSES",
    "ENDED",
    titleOf("read"),
    titleOf("write"),
    ...(withCancelled ? ["CANCELLED"] : []),
    "IO WAIT",
    "SHARE",
  ];
  const cells = rows.map((row) => [
    formatCount(row.processes),
    formatCount(row.ended),
    format.bytes(row.io.readBytes),
    format.bytes(row.io.writeBytes),
    ...(withCancelled ? [format.bytes(row.io.cancelledBytes)] : []),
    formatSeconds(row.io.ioWaitNs),
    formatShare(row.netBytes, whole),
  ]);
  const lines = [titles, ...cells];
  const widths = titles.map((_, n) =>
    Math.max(...lines.map((line) => line[n]!.length)),
  );
  return lines.map((line) =>
    line.map((cell, n) => GAP + cell.padStart(widths[n]!)).join(""),
  );
}

function otherRows({ kind, others }: Amounts): readonly Row[] {
  if (others === null) return [];
  const { one, many } = KINDS[kind];
  const noun = others.names === 1 ? one : many;
  return [{ ...others.sum, name: `other: ${others.names} ${noun}` }];
}

const SHOWN = [
  "readBytes",
  "writeBytes",
  "cancelledBytes",
  "ioWaitNs",
] as const;

/** I/O that is in the total and in no row: a recording need not list all tasks. */
function unlistedRows({ total, top, others }: Amounts): readonly Row[] {
  const totals = others === null ? top : [...top, others.sum];
  const io = remainderOf(total, sumTotals(totals).io);
  if (!SHOWN.some((counter) => io[counter])) return [];
  return [
    {
      name: "not in the recording",
      processes: null,
      ended: null,
      io,
      netBytes: netBytes(io),
    },
  ];
}

/** A process that changed its name is in two rows, but counts here once. */
function totalRow(
  { total, processes, ended }: Amounts,
  rows: readonly Row[],
): Row {
  const isComplete = rows.every((row) => row.processes !== null);
  return {
    name: "TOTAL",
    processes: isComplete ? processes : null,
    ended: isComplete ? ended : null,
    io: total,
    netBytes: rows.map((row) => row.netBytes).reduce(addCounters, null),
  };
}

function formatCount(count: number | Unknown): string {
  return count === null ? "?" : String(count);
}

export function formatSeconds(ns: number | Unknown): string {
  return ns === null ? "?" : `${(ns / 1e9).toFixed(2)} s`;
}

function formatShare(part: number | Unknown, whole: number): string {
  if (part === null) return "?";
  return `${(whole > 0 ? (part * 100) / whole : 0).toFixed(1)} %`;
}
