/** The open files of a process: those whose position moves first, then as they come. Pure. */
import type { Format, OpenFile } from "../../../src/model/index.ts";
import { compactBytes, type SizeUnits } from "../table/compact-numbers.ts";
import { padLeft, padRight, type Span, type Spans } from "./spans.ts";
import { fileKey, type Inspected } from "./details-watch.ts";

const FD_CELLS = 4;
const MODE_CELLS = 5;
const SIZE_CELLS = 7;

/** With titles: "  3 r       114M   128M  /srv/db/pool.dat". */
export function openFileTable(
  inspected: Inspected,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const files = filesOf(inspected);
  if (files === null) return unseen(inspected);
  const count = inspected.details?.fileCount ?? `more than ${files.length}`;
  const title =
    padLeft("FD", FD_CELLS) +
    " " +
    padRight("MODE", MODE_CELLS) +
    padLeft("AT", SIZE_CELLS) +
    padLeft("SIZE", SIZE_CELLS) +
    `  FILE (${count} open)`;
  const room = columns - FD_CELLS - 1 - MODE_CELLS - 2 * SIZE_CELLS - 2;
  return [
    [{ text: title, style: "faint" }],
    ...files.map((file): Spans => [
      {
        text: `${padLeft(String(file.fd), FD_CELLS)} ${padRight(file.mode ?? "-", MODE_CELLS)}`,
      },
      positionSpan(file, inspected, SIZE_CELLS, units),
      {
        text: padLeft(amountText(file.size, units), SIZE_CELLS),
        style: file.size === null ? "faint" : "plain",
      },
      { text: `  ${format.text(file.path, Math.max(1, room))}` },
    ]),
    ...unreadLine(inspected),
  ];
}

/** Without titles: "fd 3 r   at 71.3M of  128M  /srv/db/pool.dat". */
export function openFileLines(
  inspected: Inspected,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const files = filesOf(inspected);
  if (files === null) return unseen(inspected);
  const fdCells = String(Math.max(0, ...files.map(({ fd }) => fd))).length;
  const before = 3 + fdCells + 1 + MODE_CELLS;
  return [
    ...files.map((file): Spans => {
      const head = `fd ${padLeft(String(file.fd), fdCells)} ${padRight(file.mode ?? "-", MODE_CELLS)}`;
      const place: Spans =
        file.position === null
          ? [{ text: " ".repeat(PLACE_CELLS) }]
          : [
              { text: "at ", style: "faint" },
              positionSpan(file, inspected, 5, units),
              { text: file.size === null ? "   " : " of", style: "faint" },
              {
                text: padLeft(
                  file.size === null ? "" : amountText(file.size, units),
                  6,
                ),
              },
            ];
      const room = columns - before - PLACE_CELLS - 2;
      return [
        { text: head },
        ...place,
        { text: `  ${format.text(file.path, Math.max(1, room))}` },
      ];
    }),
    ...unreadLine(inspected),
  ];
}

/** "at 71.3M of  128M". */
const PLACE_CELLS = 17;

/** Where there are no files to list. */
function unseen({ details }: Inspected): readonly Spans[] {
  if (details === null) return [];
  return [[{ text: "open files: iotop may not see them", style: "faint" }]];
}

/** Null if nothing is known of them. */
function filesOf({ details, moved }: Inspected): readonly OpenFile[] | null {
  const files = details?.files ?? null;
  if (files === null) return null;
  const hasMoved = (file: OpenFile): boolean => moved.has(fileKey(file));
  return [
    ...files.filter(hasMoved),
    ...files.filter((file) => !hasMoved(file)),
  ];
}

function positionSpan(
  file: OpenFile,
  { moved }: Inspected,
  cells: number,
  units: SizeUnits,
): Span {
  const { position } = file;
  const style = moved.has(fileKey(file))
    ? "strong"
    : position === null
      ? "faint"
      : "plain";
  return { text: padLeft(amountText(position, units), cells), style };
}

/** What has none is marked by a hyphen. */
const amountText = (amount: number | null, units: SizeUnits): string =>
  amount === null ? "-" : compactBytes(amount, units);

function unreadLine({ details }: Inspected): readonly Spans[] {
  const { files, fileCount } = details!;
  if (fileCount !== null && fileCount <= files!.length) return [];
  const left =
    fileCount === null
      ? "many more files are open"
      : `${fileCount - files!.length} more files are open`;
  return [[{ text: left, style: "faint" }]];
}
