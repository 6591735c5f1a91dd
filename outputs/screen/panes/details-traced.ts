/** The files of a process by what it read and wrote of each. Pure. */
import {
  isShownFile,
  wrapText,
  type FileDelta,
  type Format,
} from "../../../src/model/index.ts";
import { compactBytes, type SizeUnits } from "../table/compact-numbers.ts";
import { padLeft, type Span, type Spans } from "./spans.ts";
import { pathSpans } from "./path-spans.ts";
import type { TracedFiles } from "./traced-files.ts";

const AMOUNT_CELLS = 8;

type FileAmount = "readBytes" | "writeBytes" | "toDiskBytes" | "movedBytes";

/** "   READ   WRITE TO DISK  FILE": sums since the process was selected. */
export function tracedLines(
  { ranked, isRecorded, problem }: TracedFiles,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const said = problem === null ? [] : wrapText(problem, columns).map(faint);
  if (ranked === null)
    return problem === null ? [faint(unknownFiles(isRecorded))] : said;
  const files = ranked.top.filter(isShownFile);
  if (files.length === 0) return [faint("no file was used since F"), ...said];
  const { others } = ranked;
  const amounts = amountsOf(files);
  const room = columns - amounts.length * AMOUNT_CELLS - 2;
  const line = (file: FileDelta, name: Spans): Spans => [
    ...amounts.map(([, key]) => amountSpan(file[key], units)),
    { text: "  " },
    ...name,
  ];
  const titles = amounts.map(([title]) => padLeft(title, AMOUNT_CELLS));
  return [
    faint(`${titles.join("")}  FILE`),
    ...files.map((file) => line(file, pathSpans(file, room, format))),
    ...(others === null
      ? []
      : [line(others.sum, [{ text: `(${others.files} more)` }])]),
    ...said,
  ];
}

/** Why there are no files yet. */
export const unknownFiles = (isRecorded: boolean): string =>
  isRecorded
    ? "not recorded: files (--files records them)"
    : "counting files from now on";

/**
 * Where bytes cannot be had, there is how far positions moved.
 *
 * @param per what stands behind titles, "/s" for rates
 */
export const amountsOf = (
  files: readonly FileDelta[],
  per = "",
): readonly (readonly [title: string, key: FileAmount])[] =>
  files.some(({ movedBytes }) => movedBytes !== null)
    ? [[`MOVED${per}`, "movedBytes"]]
    : [
        [`READ${per}`, "readBytes"],
        [`WRITE${per}`, "writeBytes"],
        // The longest title says what it counts, not in which time.
        ["TO DISK", "toDiskBytes"],
      ];

/** What has none is marked by a hyphen. */
function amountSpan(bytes: number | null, units: SizeUnits): Span {
  const text = bytes === null ? "-" : compactBytes(Math.max(0, bytes), units);
  const style = bytes === null || bytes <= 0 ? "faint" : "plain";
  return { text: padLeft(text, AMOUNT_CELLS), style };
}

export const faint = (text: string): Spans => [{ text, style: "faint" }];
