/** Which columns fit into a window, and where. Pure. */
import {
  COLUMNS,
  columnsOf,
  type Column,
  type View,
} from "../../../src/model/index.ts";
import { COMPACT_CELLS } from "./compact-numbers.ts";
import { SLOTS, type SlotId } from "./slots.ts";

export interface PlacedColumn {
  /** Null for the graph. */
  readonly column: Column | null;
  readonly x: number;
  readonly width: number;
}

export interface TableLayout {
  /** Whether numbers have their short form. */
  readonly compact: boolean;
  readonly columns: readonly PlacedColumn[];
  /** Column of the scroll bar; null if it would cost too much. */
  readonly scrollBar: number | null;
}

export interface TableWishes {
  readonly sort: SlotId;
  readonly hidden: ReadonlySet<SlotId>;
  readonly view: View;
  /** Digits of the longest id. */
  readonly idCells: number;
}

/** In narrower windows, numbers are shortened. */
const WIDE_CELLS = 64;
const SCROLL_BAR_CELLS = 40;
/** The mark of tasks that began or ended. */
const MARK_CELLS = 1;
const GAP_CELLS = 1;
const MIN_ID_CELLS = 5;
/** Space that a command needs before there is room for graphs. */
const COMMAND_CELLS = 20;
/** A narrower window has no cell for graphs; in a wider one they get a quarter of the additional cells. */
const GRAPH_FROM_CELLS = columnsOf("screen").reduce(
  (sum, { width }) => sum + (width === "rest" ? COMMAND_CELLS : width),
  MARK_CELLS,
);
const MIN_GRAPH_CELLS = 6;
const MAX_GRAPH_CELLS = 60;
/** In which order columns leave a window that is too narrow, graphs first. The sort column stays. */
const LEAST_WANTED: readonly SlotId[] = [
  "graph",
  ...COLUMNS.toReversed()
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank!)
    .map(({ id }) => id),
];

interface Slot {
  readonly id: SlotId;
  readonly column: Column | null;
  readonly width: number;
}

export function layoutTable(
  screenColumns: number,
  wishes: TableWishes,
): TableLayout {
  const compact = screenColumns < WIDE_CELLS;
  const scrollBar =
    screenColumns >= SCROLL_BAR_CELLS ? screenColumns - 1 : null;
  const end = scrollBar ?? screenColumns;
  const slots = fittingSlots(screenColumns, end - MARK_CELLS, compact, wishes);
  const columns: PlacedColumn[] = [];
  let x = MARK_CELLS;
  slots.forEach(({ column, width }, i) => {
    x += gapBefore(slots, i, compact);
    const wanted = column?.width === "rest" ? end - x : width;
    columns.push({ column, x, width: Math.max(0, Math.min(wanted, end - x)) });
    x += wanted;
  });
  return { compact, columns, scrollBar };
}

function fittingSlots(
  screenColumns: number,
  space: number,
  compact: boolean,
  wishes: TableWishes,
): readonly Slot[] {
  let slots = SLOTS.filter(
    (id) => id === wishes.sort || !wishes.hidden.has(id),
  ).map((id): Slot => {
    const column = COLUMNS.find((candidate) => candidate.id === id) ?? null;
    const width =
      column === null
        ? graphWidth(screenColumns)
        : column.width === "rest"
          ? leastCommandWidth(screenColumns)
          : columnWidth(column, column.width, compact, wishes);
    return { id, column, width };
  });
  if (graphWidth(screenColumns) < MIN_GRAPH_CELLS)
    slots = slots.filter(({ id }) => id !== "graph");
  const needed = (): number =>
    slots.reduce(
      (sum, { width }, i) => sum + gapBefore(slots, i, compact) + width,
      0,
    );
  for (const id of LEAST_WANTED) {
    if (needed() <= space) break;
    if (id !== wishes.sort) slots = slots.filter((slot) => slot.id !== id);
  }
  return slots;
}

/** Without a gap, text would be hard to separate from the number before it. */
function gapBefore(
  slots: readonly Slot[],
  i: number,
  compact: boolean,
): number {
  if (i === 0) return 0;
  const isText = (slot: Slot): boolean => slot.column?.align !== "right";
  const meets = !isText(slots[i - 1]!) && isText(slots[i]!);
  return meets && !compact ? GAP_CELLS + 1 : GAP_CELLS;
}

function graphWidth(screenColumns: number): number {
  const quarter = Math.floor((screenColumns - GRAPH_FROM_CELLS) / 4);
  return Math.max(0, Math.min(quarter, MAX_GRAPH_CELLS));
}

function leastCommandWidth(screenColumns: number): number {
  return Math.max(5, Math.min(COMMAND_CELLS, Math.floor(screenColumns / 4)));
}

function columnWidth(
  column: Column,
  width: number,
  compact: boolean,
  { view, idCells }: TableWishes,
): number {
  const { kind } = column;
  if (kind === "id") return Math.max(MIN_ID_CELLS, idCells);
  if (compact) return kind === "text" ? width : COMPACT_CELLS;
  // With -k, "123456.78 K/s" is usual.
  return kind === "size" && view.kilobytes ? Math.max(width, 13) : width;
}
