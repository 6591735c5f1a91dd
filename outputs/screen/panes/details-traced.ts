/** The files of a process by what it read and wrote of each. Pure. */
import {
  fileLabel,
  isShownFile,
  wrapText,
  type FileDelta,
  type Format,
} from "../../../src/model/index.ts";
import { compactBytes, type SizeUnits } from "../table/compact-numbers.ts";
import { padLeft, type Span, type Spans } from "./details-lines.ts";
import type { TracedFiles } from "./traced-files.ts";

const AMOUNT_CELLS = 8;

type Amount = "readBytes" | "writeBytes" | "toDiskBytes" | "movedBytes";

/** "   READ   WRITE TO DISK  FILE": sums since the process was selected. */
export function tracedLines(
  { ranked, problem }: TracedFiles,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const said = problem === null ? [] : wrapText(problem, columns).map(faint);
  if (ranked === null)
    return problem === null ? [faint("counting files from now on")] : said;
  const files = ranked.top.filter(isShownFile);
  if (files.length === 0) return [faint("no file was used since F"), ...said];
  const amounts = amountsOf(files);
  const room = columns - amounts.length * AMOUNT_CELLS - 2;
  const titles = amounts.map(([title]) => padLeft(title, AMOUNT_CELLS));
  return [
    faint(`${titles.join("")}  FILE`),
    ...files.map((file): Spans => [
      ...amounts.map(([, key]) => amountSpan(file[key], units)),
      { text: `  ${format.text(fileLabel(file), Math.max(1, room))}` },
    ]),
    ...said,
  ];
}

/** Where bytes cannot be had, there is how far positions moved. */
const amountsOf = (
  files: readonly FileDelta[],
): readonly (readonly [title: string, key: Amount])[] =>
  files.some(({ movedBytes }) => movedBytes !== null)
    ? [["MOVED", "movedBytes"]]
    : [
        ["READ", "readBytes"],
        ["WRITE", "writeBytes"],
        ["TO DISK", "toDiskBytes"],
      ];

/** What has none is marked by a hyphen. */
function amountSpan(bytes: number | null, units: SizeUnits): Span {
  const text = bytes === null ? "-" : compactBytes(Math.max(0, bytes), units);
  const style = bytes === null || bytes <= 0 ? "faint" : "plain";
  return { text: padLeft(text, AMOUNT_CELLS), style };
}

const faint = (text: string): Spans => [{ text, style: "faint" }];
