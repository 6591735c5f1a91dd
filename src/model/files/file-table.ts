/** Files as a table of text, for the outputs that print lines. */
import type { FileDelta } from "./file-delta.ts";
import { fileLabel, isShownFile, type RankedFiles } from "./file-totals.ts";
import { escapeBlanks, type Format } from "../text/format.ts";
import type { Unknown } from "../sample.ts";

/** How `fileTable` shows files. */
export interface FileTableLook {
  /** One row for each process, and not for each command. */
  readonly hasPids: boolean;
  /** An amount of bytes as it is shown, which may be a rate. */
  readonly amount: (bytes: number) => string;
  readonly format: Format;
}

const GAP = "  ";
const NOTHING = "-";

/** Titles and lines; empty if no file was read or written. The file is last and never cut. */
export function fileTable(
  { top, others }: RankedFiles,
  { hasPids, amount, format }: FileTableLook,
): readonly string[] {
  const shown = top.filter(isShownFile);
  if (shown.length === 0) return [];
  const columns = columnsOf(shown);
  const line = (file: FileDelta, name: string): readonly string[] => [
    ...columns.map(([, key]) => amountText(file[key], amount)),
    ...(hasPids ? [file.pid === null ? NOTHING : String(file.pid)] : []),
    textOf(file.comm, format),
    textOf(file.device, format),
    name,
  ];
  const titles = [
    ...columns.map(([title]) => title),
    ...(hasPids ? ["PID"] : []),
    ...["COMMAND", "DEVICE", "FILE"],
  ];
  const lines = shown.map((file) => line(file, format.text(fileLabel(file))));
  if (others !== null) {
    const { files, sum } = others;
    const nameless = { ...sum, pid: null, comm: null, device: null };
    lines.push(line(nameless, `(${files} more)`));
  }
  return align([titles, ...lines], columns.length + (hasPids ? 1 : 0));
}

type Amount = "readBytes" | "writeBytes" | "toDiskBytes" | "movedBytes";

/** Where bytes cannot be had, there is how far positions moved. */
function columnsOf(
  rows: readonly FileDelta[],
): readonly (readonly [title: string, key: Amount])[] {
  return rows.some(({ movedBytes }) => movedBytes !== null)
    ? [["POSITION MOVED", "movedBytes"]]
    : [
        ["DISK READ", "readBytes"],
        ["DISK WRITE", "writeBytes"],
        ["TO DISK", "toDiskBytes"],
      ];
}

const amountText = (
  bytes: number | Unknown,
  show: (bytes: number) => string,
): string => (bytes === null ? NOTHING : show(Math.max(0, bytes)));

const textOf = (text: string | Unknown, format: Format): string =>
  text === null ? NOTHING : escapeBlanks(format.text(text));

/** @param right columns that stand at the right, as numbers do */
function align(
  lines: readonly (readonly string[])[],
  right: number,
): readonly string[] {
  const widths = lines[0]!.map((_, n) =>
    Math.max(...lines.map((cells) => Bun.stringWidth(cells[n]!))),
  );
  return lines.map((cells) =>
    cells
      .map((text, n) => {
        const blanks = " ".repeat(widths[n]! - Bun.stringWidth(text));
        return n < right ? blanks + text : text + blanks;
      })
      .join(GAP)
      .trimEnd(),
  );
}
