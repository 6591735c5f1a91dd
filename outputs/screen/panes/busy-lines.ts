/** The busiest files as lines: what was moved, by whom, on which device, and the path. Pure. */
import {
  perSecond,
  wrapText,
  type FileDelta,
  type Format,
} from "../../../src/model/index.ts";
import { rateStyle, sumStyle } from "../cells/theme.ts";
import {
  COMPACT_CELLS,
  KILOBYTE_CELLS,
  compactBytes,
  type SizeUnits,
} from "../table/compact-numbers.ts";
import type { PaneContent } from "./bottom-pane.ts";
import type { BusyFile, BusyFiles } from "./busy-files.ts";
import { padLeft, padRight, type Span, type Spans } from "./spans.ts";
import { amountsOf, faint, unknownFiles } from "./details-traced.ts";
import { pathSpans } from "./path-spans.ts";

/** Below that there is room for what was read and written, and for the path. */
const NARROW_CELLS = 60;
/** From here on, ids of processes are shown. */
const WIDE_CELLS = 100;
const GAP = "  ";

/** Text between the amounts and the path; it may hold any character. */
interface TextColumn {
  readonly title: string;
  readonly mostCells: number;
  /** It has so many cells whatever is in it: else paths would move from sample to sample. */
  readonly isFixed: boolean;
  readonly of: (file: BusyFile) => string;
}

export function busyPane(
  busy: BusyFiles,
  columns: number,
  format: Format,
  units: SizeUnits,
): PaneContent {
  const { top, others, areSums, sinceMs, isFiltered } = busy;
  const count = (top?.length ?? 0) + others.files;
  return {
    titleParts: [
      isFiltered ? "busiest files of the tasks listed" : "busiest files",
      ...(top === null ? [] : [`${count} in use`]),
      ...(areSums && top !== null ? [`since ${format.clock(sinceMs)}`] : []),
    ],
    lines: [
      ...(top === null
        ? [faint(unknownFiles(busy.isRecorded))]
        : top.length === 0
          ? [faint("no file is read or written")]
          : tableLines(top, busy, columns, format, units)),
      ...(busy.problem === null
        ? []
        : wrapText(busy.problem, columns).map(faint)),
    ],
  };
}

function tableLines(
  top: readonly BusyFile[],
  busy: BusyFiles,
  columns: number,
  format: Format,
  units: SizeUnits,
): readonly Spans[] {
  const { others, areSums } = busy;
  const isNarrow = columns < NARROW_CELLS;
  const files = top.map(({ file }) => file);
  const all = amountsOf(files, areSums ? "" : "/s");
  const amounts = isNarrow ? all.slice(0, 2) : all;
  const amountCells = 3 + (units.kilobytes ? KILOBYTE_CELLS : COMPACT_CELLS);
  const hasDevices = files.some(({ device }) => device !== null);
  const wanted = isNarrow ? [] : textColumns(columns, hasDevices);
  const texts = wanted.map((column) => {
    const cells = [column.title, ...top.map(column.of)].map((text) =>
      Bun.stringWidth(format.text(text)),
    );
    const fitting = Math.min(column.mostCells, Math.max(...cells));
    return { ...column, cells: column.isFixed ? column.mostCells : fitting };
  });
  const fileCells =
    columns -
    amounts.length * amountCells -
    texts.reduce((sum, { cells }) => sum + GAP.length + cells, GAP.length);
  const textsOf = (textOf: (column: TextColumn) => string): string =>
    texts
      .map((column) => {
        const text = format.text(textOf(column), column.cells);
        return GAP + padRight(text, column.cells);
      })
      .join("") + GAP;
  const amountsIn = (file: FileDelta): Spans =>
    amounts.map(([, key]) => amountSpan(file[key], busy, amountCells, units));
  return [
    faint(
      `${amounts.map(([title]) => padLeft(title, amountCells)).join("")}${textsOf(({ title }) => title)}FILE`,
    ),
    ...top.map((each): Spans => [
      ...amountsIn(each.file),
      { text: textsOf(({ of }) => of(each)) },
      ...pathSpans(each.file, fileCells, format),
    ]),
    ...(others.sum === null
      ? []
      : [
          [
            ...amountsIn(others.sum),
            { text: `${textsOf(() => "")}(${others.files} more)` },
          ],
        ]),
  ];
}

const textColumns = (
  columns: number,
  hasDevices: boolean,
): readonly TextColumn[] => [
  {
    title: "USED BY",
    mostCells: columns < WIDE_CELLS ? 14 : 22,
    isFixed: true,
    of: (each) => whoOf(each, columns >= WIDE_CELLS),
  },
  ...(hasDevices
    ? [
        {
          title: "DEVICE",
          mostCells: 12,
          isFixed: false,
          of: ({ file }: BusyFile) => file.device ?? "-",
        },
      ]
    : []),
];

/** "fio 18710"; "postgres +19" where others used it too. */
function whoOf({ file, users }: BusyFile, hasIds: boolean): string {
  const { comm, pid } = file;
  if (comm === null) return "-";
  if (users > 1) return `${comm} +${users - 1}`;
  return hasIds && pid !== null ? `${comm} ${pid}` : comm;
}

/** What has none is marked by a hyphen. */
function amountSpan(
  bytes: number | null,
  { areSums, intervalNs }: BusyFiles,
  cells: number,
  units: SizeUnits,
): Span {
  if (bytes === null) return { text: padLeft("-", cells), style: "faint" };
  const moved = Math.max(0, bytes);
  const shown = areSums ? moved : perSecond(moved, intervalNs);
  return {
    text: padLeft(compactBytes(shown, units), cells),
    style: areSums ? sumStyle(shown) : rateStyle(shown),
  };
}
