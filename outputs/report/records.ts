/** The report for programs: one JSON object, or lines of CSV. Amounts are exact, and null is "not available". */
import {
  addCounters,
  csvLine,
  encodeRecord,
  remainderOf,
  type CsvCell,
  type Health,
  type IoDelta,
  type RankedFiles,
  type Unknown,
} from "../../src/model/index.ts";
import { fileRecords } from "./files.ts";
import { sumTotals, type GroupTotal } from "./group-totals.ts";
import { rowsOf, type Amounts, type Row } from "./table.ts";
import { longestNs, type Boot, type WaitsCounted } from "../run/watched.ts";

export const REPORT_FORMATS = ["json", "csv"] as const;

/** What a report says in every format. */
export interface Summed extends Amounts {
  /** In the order of their first samples. */
  readonly boots: readonly Boot[];
  /** Null if there was no sample. */
  readonly span: { readonly beginMs: number; readonly endMs: number } | null;
  /** Bytes moved by the block layer. */
  readonly diskReadBytes: number | Unknown;
  readonly diskWriteBytes: number | Unknown;
  readonly health: Health | null;
  /** Null unless they were asked for. */
  readonly files: RankedFiles | null;
  readonly waitsCounted: WaitsCounted;
}

export function encodeReport(
  summed: Summed,
  format: (typeof REPORT_FORMATS)[number],
): string {
  return format === "json"
    ? `${encodeRecord(toReport(summed))}\n`
    : csvLines(summed);
}

function toReport(summed: Summed): object {
  const { kind, boots, span, health } = summed;
  const { groups, other, total } = amountsOf(summed);
  return {
    schema: "iotop.report/1",
    hosts: boots.map(({ host, bootId, durationNs }) => ({
      host: host.toWellFormed(),
      boot_id: bootId,
      interval_s: toSeconds(durationNs),
    })),
    from: span && new Date(span.beginMs).toISOString(),
    to: span && new Date(span.endMs).toISOString(),
    interval_s: toSeconds(longestNs(boots)),
    delay_accounting: summed.waitsCounted,
    group: kind,
    groups,
    other,
    total,
    disk: {
      read_bytes: summed.diskReadBytes,
      write_bytes: summed.diskWriteBytes,
    },
    health: health && {
      unreadable_tasks: health.denied,
      lost_exit_events: health.lostExits,
      exit_events: health.exitEvents,
    },
    ...(summed.files === null ? {} : { files: fileRecords(summed.files) }),
  };
}

function csvLines(summed: Summed): string {
  const { groups, other, total } = amountsOf(summed);
  const lines = [
    ...groups.map((group) => ({ row: "group", ...group })),
    { row: "other", name: null, ...other },
    { row: "total", name: null, ...total },
  ];
  const cells: readonly (readonly CsvCell[])[] = lines.map(Object.values);
  return [Object.keys(lines[0]!), ...cells]
    .map((line) => csvLine(line))
    .join("");
}

interface AmountsRecord {
  readonly processes: number | null;
  readonly ended: number | null;
  readonly read_bytes: number | null;
  readonly write_bytes: number | null;
  readonly cancelled_write_bytes: number | null;
  readonly io_delay_ns: number | null;
  readonly share_ratio: number | null;
}

/** For each amount but `processes` and `ended`, the sum over the groups plus `other` is `total`. */
function amountsOf(summed: Summed): {
  readonly groups: readonly ({ readonly name: string } & AmountsRecord)[];
  readonly other: AmountsRecord;
  readonly total: AmountsRecord;
} {
  const { named, summed: rest, total } = rowsOf(summed);
  const whole = total.netBytes;
  return {
    groups: named.map((group) => ({
      name: group.name.toWellFormed(),
      ...toRecord(group, whole),
    })),
    other: toRecord(otherRow(named, rest, total), whole),
    total: toRecord(total, whole),
  };
}

function otherRow(
  named: readonly GroupTotal[],
  rest: readonly Row[],
  total: Row,
): Row {
  const isCounted = rest.every(({ processes }) => processes !== null);
  const sum = (counts: readonly (number | Unknown)[]): number | null =>
    isCounted ? counts.reduce<number>((a, b) => a + (b ?? 0), 0) : null;
  const io: IoDelta = remainderOf(total.io, sumTotals(named).io);
  return {
    name: "",
    processes: sum(rest.map(({ processes }) => processes)),
    ended: sum(rest.map(({ ended }) => ended)),
    io,
    netBytes:
      rest.length === 0
        ? 0
        : rest.map(({ netBytes }) => netBytes).reduce(addCounters, null),
  };
}

function toRecord(
  { processes, ended, io, netBytes }: Omit<Row, "name">,
  whole: number | Unknown,
): AmountsRecord {
  return {
    processes,
    ended,
    read_bytes: io.readBytes,
    write_bytes: io.writeBytes,
    cancelled_write_bytes: io.cancelledBytes,
    io_delay_ns: io.ioWaitNs,
    share_ratio: shareOf(netBytes, whole),
  };
}

/** In millionths. */
function shareOf(
  part: number | Unknown,
  whole: number | Unknown,
): number | Unknown {
  if (part === null || whole === null) return null;
  return whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : 0;
}

const toSeconds = (ns: number): number => Math.round(ns) / 1e9;
