/** What fits where: regions of the screen by its height, columns of the table by its width. Pure. */
import {
  COLUMNS,
  type Column,
  type ColumnId,
} from "../../src/model/columns.ts";
import type { View } from "../../src/model/view.ts";
import { COMPACT_CELLS } from "./compact.ts";

/** Screen rows, each from 0. */
export interface Regions {
  /** Lines of totals, from the first row. */
  readonly summaryRows: 0 | 1 | 2;
  /** Row of the status line, or null. */
  readonly statusRow: number | null;
  readonly titleRow: number;
  readonly bodyTop: number;
  readonly bodyRows: number;
  readonly noteTop: number;
  readonly noteRows: number;
  /** First row of the key hints; beyond the last row if they are hidden. */
  readonly hintTop: number;
}

/** Heights from which a part is shown. */
const FULL_ROWS = 16;
const MIDDLE_ROWS = 10;
const TABLE_ROWS = 3;
const MANY_NOTES_ROWS = 24;

export function layoutRegions(rows: number, notes: number): Regions {
  const full = rows >= FULL_ROWS;
  const summaryRows = rows >= MIDDLE_ROWS ? 2 : rows >= TABLE_ROWS ? 1 : 0;
  const noteRows = Math.min(
    notes,
    rows >= MANY_NOTES_ROWS ? 3 : rows >= MIDDLE_ROWS ? 1 : 0,
  );
  const hintTop = full ? rows - 2 : rows;
  const noteTop = hintTop - noteRows;
  const statusRow = full ? summaryRows : null;
  const titleRow = summaryRows + (full ? 1 : 0);
  const bodyTop = titleRow + 1;
  const bodyRows = Math.max(0, noteTop - bodyTop);
  return {
    summaryRows,
    statusRow,
    titleRow,
    bodyTop,
    bodyRows,
    noteTop,
    noteRows,
    hintTop,
  };
}

export interface PlacedColumn {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
}

export interface TableLayout {
  /** Numbers in their short form. */
  readonly compact: boolean;
  readonly columns: readonly PlacedColumn[];
  /** Column of the scroll bar, or null where it would cost too much. */
  readonly scrollBar: number | null;
}

/** Below it, numbers are shortened. */
const WIDE_CELLS = 64;
const SCROLL_BAR_CELLS = 40;
/** The mark of tasks that came or went. */
const MARK_CELLS = 1;
const GAP_CELLS = 1;
const MIN_ID_CELLS = 5;
/** In which order columns leave a window that is too narrow. The one that orders the rows stays. */
const LEAST_WANTED: readonly ColumnId[] = [
  "swapin",
  "prio",
  "user",
  "io",
  "write",
  "read",
  "command",
];

export function layoutTable(
  screenColumns: number,
  sort: ColumnId,
  hidden: ReadonlySet<ColumnId>,
  view: View,
  idCells: number,
): TableLayout {
  const compact = screenColumns < WIDE_CELLS;
  const scrollBar =
    screenColumns >= SCROLL_BAR_CELLS ? screenColumns - 1 : null;
  const space = (scrollBar ?? screenColumns) - MARK_CELLS;
  // A third of the window at least is for the command.
  const restCells = Math.max(5, Math.min(20, Math.floor(screenColumns / 4)));
  const least = (column: Column): number =>
    column.width === "rest"
      ? restCells
      : columnWidth(column, view, compact, idCells);

  // A number that a text follows at once would be hard to tell from it.
  const gapBefore = (i: number): number => {
    if (i === 0) return 0;
    const meets = shown[i - 1]!.align === "right" && shown[i]!.align === "left";
    return meets && !compact ? GAP_CELLS + 1 : GAP_CELLS;
  };

  let shown = COLUMNS.filter(({ id }) => id === sort || !hidden.has(id));
  const needed = (): number =>
    shown.reduce((sum, column, i) => sum + gapBefore(i) + least(column), 0);
  for (const id of LEAST_WANTED) {
    if (needed() <= space) break;
    if (id !== sort) shown = shown.filter((column) => column.id !== id);
  }

  const columns: PlacedColumn[] = [];
  let x = MARK_CELLS;
  shown.forEach((column, i) => {
    x += gapBefore(i);
    const end = (scrollBar ?? screenColumns) - x;
    const width = column.width === "rest" ? end : least(column);
    columns.push({ column, x, width: Math.max(0, Math.min(width, end)) });
    x += width;
  });
  return { compact, columns, scrollBar };
}

function columnWidth(
  column: Column,
  view: View,
  compact: boolean,
  idCells: number,
): number {
  if (column.id === "tid") return Math.max(MIN_ID_CELLS, idCells);
  const width = column.width as number;
  const isNumber = column.descending;
  if (compact) return isNumber ? COMPACT_CELLS : width;
  // With -k, "123456.78 K/s" is usual.
  const isSize = column.id === "read" || column.id === "write";
  return isSize && view.kilobytes ? Math.max(width, 13) : width;
}
