/** The report as text. */
import { COUNTERS, unknownDelta } from "../../src/model/delta.ts";
import { problemsOf } from "../../src/model/health.ts";
import type { GroupKind } from "../../src/model/groups.ts";
import type { Format } from "../../src/model/output.ts";
import type {
  Health,
  IoDelta,
  Origin,
  Unknown,
} from "../../src/model/sample.ts";
import type { View } from "../../src/model/view.ts";
import { movedBytes, sumMovers, type Mover } from "./movers.ts";

/** All that is told. */
export interface Findings {
  readonly kind: GroupKind;
  readonly view: View;
  readonly origin: Origin;
  /** Sum of the intervals, ns. */
  readonly durationNs: number;
  /** End of the last interval, Unix ms. */
  readonly endMs: number;
  /** Of the whole machine, or of what -p and -u let through. */
  readonly total: IoDelta;
  /** What the block layer moved, bytes. */
  readonly diskReadBytes: number | Unknown;
  readonly diskWriteBytes: number | Unknown;
  /** Each once. */
  readonly processes: number;
  readonly ended: number;
  readonly top: readonly Mover[];
  readonly others: { readonly names: number; readonly sum: Mover } | null;
  readonly health: Health;
  /** For how much of the time waits were counted. */
  readonly waitsCounted: "always" | "sometimes" | "never";
}

const KINDS = {
  comm: { title: "COMMAND", one: "command", many: "commands" },
  user: { title: "USER", one: "user", many: "users" },
  cgroup: { title: "CGROUP", one: "cgroup", many: "cgroups" },
} as const satisfies Record<GroupKind, object>;

/** Cgroups have long names. */
const NAME_CELLS = 48;

export function renderReport(findings: Findings, format: Format): string {
  const lines = [
    ...headLines(findings, format),
    "",
    ...tableLines(findings, format),
    ...noteLines(findings),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines(findings: Findings, format: Format): readonly string[] {
  const { view, origin, total, processes, ended } = findings;
  const filter = [
    ...(view.pids.length > 0 ? [` pid ${view.pids.join(", ")}`] : []),
    ...(view.uids.length > 0 ? [` uid ${view.uids.join(", ")}`] : []),
  ].join(" of");
  const cancelled = total.cancelledBytes
    ? ` (${format.bytes(total.cancelledBytes)} of it cancelled)`
    : "";
  const noun = processes === 1 ? "process" : "processes";
  return [
    `Watched${filter === "" ? "" : `${filter} on`} ${format.text(origin.hostname)} for ${formatSeconds(findings.durationNs)}, until ${formatTime(findings.endMs)}.`,
    `${processes} ${noun} did I/O, ${ended} ended meanwhile: read ${format.bytes(total.readBytes)}, wrote ${format.bytes(total.writeBytes)}${cancelled}, waited ${formatSeconds(total.ioWaitNs)}.`,
    `The block layer of the whole machine read ${format.bytes(findings.diskReadBytes)} and wrote ${format.bytes(findings.diskWriteBytes)}.`,
  ];
}

interface Line {
  readonly name: string;
  /** Null: nobody knows how many. */
  readonly mover: Mover | null;
  readonly io: IoDelta;
  readonly movedBytes: number | Unknown;
}

/** Columns of text without borders, as in the batch text: it reads well in a mail, and fields are easy to cut. */
function tableLines(findings: Findings, format: Format): readonly string[] {
  const lines = toLines(findings, format);
  if (lines.length === 0) return ["Nothing was read, written or waited for."];
  const withCancelled = lines.some(({ io }) => io.cancelledBytes);
  const total = lines.reduce((sum, line) => sum + (line.movedBytes ?? 0), 0);
  const titles = [
    KINDS[findings.kind].title,
    "PROCESSES",
    "ENDED",
    "DISK READ",
    "DISK WRITE",
    ...(withCancelled ? ["CANCELLED"] : []),
    "IO WAIT",
    "SHARE",
  ];
  const rows = lines.map(({ name, mover, io, movedBytes }) => [
    name,
    formatCount(mover?.processes),
    formatCount(mover?.ended),
    format.bytes(io.readBytes),
    format.bytes(io.writeBytes),
    ...(withCancelled ? [format.bytes(io.cancelledBytes)] : []),
    formatSeconds(io.ioWaitNs),
    formatShare(movedBytes, total),
  ]);
  return align([titles, ...rows]);
}

/** The first column to the left, the others to the right. By hand, since cli-table3 is wrong about some wide characters. */
function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, n) =>
    Math.max(...rows.map((cells) => Bun.stringWidth(cells[n]!))),
  );
  return rows.map((cells) =>
    cells
      .map((cell, n) => {
        const blanks = " ".repeat(widths[n]! - Bun.stringWidth(cell));
        return n === 0 ? cell + blanks : blanks + cell;
      })
      .join("  "),
  );
}

const SHOWN = [
  "readBytes",
  "writeBytes",
  "cancelledBytes",
  "ioWaitNs",
] as const;

/** The biggest, the others, and what no row of a recording tells of: together they are the total. */
function toLines(
  { kind, total, top, others }: Findings,
  format: Format,
): readonly Line[] {
  const toLine = (name: string, mover: Mover): Line => ({
    ...mover,
    name,
    mover,
  });
  const { one, many } = KINDS[kind];
  const lines = top.map((mover) =>
    toLine(format.text(mover.name, NAME_CELLS), mover),
  );
  if (others !== null) {
    const noun = others.names === 1 ? one : many;
    lines.push(toLine(`other: ${others.names} ${noun}`, others.sum));
  }
  const unlisted = subtract(
    total,
    sumMovers(lines.map((line) => line.mover!)).io,
  );
  if (SHOWN.some((counter) => unlisted[counter]))
    lines.push({
      name: "not in the recording",
      mover: null,
      io: unlisted,
      movedBytes: movedBytes(unlisted),
    });
  return lines;
}

function subtract(total: IoDelta, part: IoDelta): IoDelta {
  const rest = unknownDelta();
  for (const counter of COUNTERS) {
    const whole = total[counter];
    rest[counter] = whole === null ? null : whole - (part[counter] ?? 0);
  }
  return rest;
}

function noteLines({
  health,
  origin,
  total,
  waitsCounted,
}: Findings): string[] {
  const notes = problemsOf({
    origin: { ...origin, delayAccounting: true },
    health,
  }).map(({ text }) => text);
  if (waitsCounted !== "always")
    notes.unshift(
      waitsCounted === "never"
        ? "IO WAIT is unknown, as delay accounting was off"
        : "IO WAIT is incomplete, as delay accounting was off for a part of the time",
    );
  if (total.cancelledBytes)
    notes.unshift(
      "CANCELLED is the part of DISK WRITE that truncating or deleting made unnecessary; SHARE is without it",
    );
  return notes.length === 0
    ? []
    : ["", ...notes.map((text) => `Note: ${text}.`)];
}

function formatCount(count: number | undefined): string {
  return count === undefined ? "?" : String(count);
}

function formatSeconds(ns: number | Unknown): string {
  return ns === null ? "?" : `${(ns / 1e9).toFixed(2)} s`;
}

function formatShare(part: number | Unknown, whole: number): string {
  if (part === null) return "?";
  return `${(whole > 0 ? (part * 100) / whole : 0).toFixed(1)} %`;
}

/** Local time, "2026-11-23 04:27:28". */
function formatTime(timeMs: number): string {
  const time = new Date(timeMs);
  const pad = (part: number): string => String(part).padStart(2, "0");
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${date.map(pad).join("-")} ${clock.map(pad).join(":")}`;
}
