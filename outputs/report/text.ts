/** The report as text. */
import {
  TEXT_WIDTH,
  fileTable,
  wrapText,
  type Format,
  type Health,
  type Origin,
  type View,
} from "../../src/model/index.ts";
import { notesOf } from "../run/notes.ts";
import { NAMELESS } from "../run/process-groups.ts";
import { selectionText } from "../run/selection.ts";
import { durationsOf, longestNs, type Boot } from "../run/watched.ts";
import type { Summed } from "./records.ts";
import { formatSeconds, tableLines, type TableFindings } from "./table.ts";

/** Everything that the report shows. */
export interface Findings
  extends TableFindings, Omit<Summed, "health" | "span"> {
  readonly view: View;
  /** Of the newest sample. */
  readonly origin: Origin;
  /** Whether the samples come from a recording: another machine, or another time. */
  readonly isRecorded: boolean;
  /** End of the latest interval, Unix ms. */
  readonly endMs: number;
  readonly health: Health;
}

export function renderReport(findings: Findings, format: Format): string {
  const { diskReadBytes, diskWriteBytes } = findings;
  const table = tableLines(findings, format);
  const lines = [
    ...headLines(findings, format),
    "",
    ...(table.length > 0 ? table : [emptyLine(findings)]),
    "",
    `The block layer of the whole machine read ${format.bytes(diskReadBytes)} and wrote ${format.bytes(diskWriteBytes)}.`,
    ...fileLines(findings, format),
    ...noteLines(findings),
  ];
  return `${lines.join("\n")}\n`;
}

const emptyLine = ({ health }: Findings): string =>
  health.denied === 0
    ? "Nothing was read, written or waited for."
    : "No task that iotop may read has read, written or waited.";

/** Only if they were asked for. */
function fileLines({ files }: Findings, format: Format): readonly string[] {
  if (files === null) return [];
  const look = { hasPids: false, amount: format.bytes, format };
  const table = fileTable(files, look);
  return ["", ...(table.length > 0 ? table : ["No file was read or written."])];
}

function headLines(findings: Findings, format: Format): readonly string[] {
  const { view, boots, endMs } = findings;
  const selection = selectionText(view, format);
  const subject = selection === null ? "" : ` ${selection} on`;
  return wrapText(
    `Watched${subject} ${watchedText(boots, format)}, until ${format.date(endMs)} ${format.clock(endMs)}.`,
    TEXT_WIDTH,
  );
}

/** "web1 for 3.00 s", "web1 and web2 for 4.00 s": machines that are watched at once, how long that took at the most. */
function watchedText(boots: readonly Boot[], format: Format): string {
  const hosts = [...durationsOf(boots).keys()];
  const over = boots.length > hosts.length ? ` over ${boots.length} boots` : "";
  return `${machines(hosts, format)} for ${formatDuration(longestNs(boots))}${over}`;
}

/** "web1", "web1 and web2", "web1, web2 and 3 more hosts". */
function machines(names: readonly string[], format: Format): string {
  const shown = names.map((name) => format.text(name));
  if (shown.length <= 2) return shown.join(" and ");
  const more = shown.length - 2;
  return `${shown.slice(0, 2).join(", ")} and ${more} more ${more === 1 ? "host" : "hosts"}`;
}

function noteLines(findings: Findings): readonly string[] {
  const notes = notesOf({
    ...findings,
    hasNameless: findings.top.some(({ name }) => name === NAMELESS),
    hasCancelled: (findings.total.cancelledBytes ?? 0) > 0,
  });
  const lines = notes.flatMap((text) =>
    wrapText(`Note: ${text}.`, TEXT_WIDTH, 6),
  );
  return lines.length === 0 ? [] : ["", ...lines];
}

/** "3.00 s", "1 h 0 min 12 s". */
function formatDuration(ns: number): string {
  if (ns < 120e9) return formatSeconds(ns);
  const seconds = Math.round(ns / 1e9);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours} h ` : ""}${minutes} min ${seconds % 60} s`;
}
