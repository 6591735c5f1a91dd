/** Which columns fit into a window, and where. Pure. */
import {
  columnById,
  columnsOf,
  type Column,
  type View,
} from "../../../src/model/index.ts";
import {
  ASKED_COMMAND_CELLS,
  COLUMN_PLAN,
  FULL_COMMAND_CELLS,
  LEAST_COMMAND_CELLS,
  MAX_GRAPH_CELLS,
  OTHER_COMMAND_CELLS,
  type PlanStep,
} from "./column-plan.ts";
import { COMPACT_CELLS, KILOBYTE_CELLS } from "./compact-numbers.ts";
import { AUTOMATIC, SLOTS, type SlotId } from "./slots.ts";

/** "rw" is the larger of READ and WRITE, with its letter, where there is no room for both. */
export type PlacedId = SlotId | "rw";

export interface PlacedColumn {
  readonly id: PlacedId;
  /** Null for the graph, and for "rw". */
  readonly column: Column | null;
  readonly x: number;
  readonly width: number;
}

export interface TableLayout {
  /** Whether READ and WRITE have their short titles. */
  readonly short: boolean;
  readonly columns: readonly PlacedColumn[];
  /** Column of the scroll bar, after a blank; null if there is none. */
  readonly scrollBar: number | null;
}

export interface TableWishes {
  readonly sort: SlotId;
  readonly hidden: ReadonlySet<SlotId>;
  readonly view: View;
  /** Digits of the longest id. */
  readonly idCells: number;
  /** Columns that have nothing to say now. */
  readonly folded: ReadonlySet<SlotId>;
  /** Whether there are more rows than fit. */
  readonly scrolls: boolean;
}

/** In narrower windows it would cost a part of the names. */
const SCROLL_BAR_CELLS = 60;
/** The mark of a task that began, ended or is stuck, and a blank. */
const MARK_CELLS = 2;
const GAP_CELLS = 1;
const MIN_ID_CELLS = 5;
/** "30.1M r" */
const LARGER_CELLS = 7;
const USUAL: ReadonlySet<SlotId> = new Set([
  ...columnsOf("screen").map(({ id }) => id),
  ...AUTOMATIC,
  "graph" as const,
]);

export function layoutTable(
  screenColumns: number,
  wishes: TableWishes,
): TableLayout {
  const chosen = chooseColumns(screenColumns, wishes);
  const scrollBar =
    wishes.scrolls && screenColumns >= SCROLL_BAR_CELLS
      ? screenColumns - 1
      : null;
  const end = scrollBar === null ? screenColumns : scrollBar - 1;
  const columns: PlacedColumn[] = [];
  let x = chosen.mark;
  chosen.widths.forEach(([id, wanted]) => {
    const width = id === "command" ? end - x : wanted;
    columns.push({
      id,
      column: id === "graph" || id === "rw" ? null : columnById(id),
      x,
      width: Math.max(0, Math.min(width, end - x)),
    });
    x += width + GAP_CELLS;
  });
  return { short: chosen.short, columns, scrollBar };
}

const BASE: readonly SlotId[] = ["tid", "read", "write", "command"];
const PLANNED: ReadonlySet<string> = new Set([
  ...BASE,
  ...COLUMN_PLAN.map(({ slot }) => slot),
]);
const PLAN: readonly PlanStep[] = [
  ...COLUMN_PLAN,
  ...[...USUAL]
    .filter((id) => !PLANNED.has(id))
    .map((slot) => ({ slot, cells: null, command: OTHER_COMMAND_CELLS })),
];

interface Chosen {
  readonly mark: number;
  readonly short: boolean;
  readonly widths: readonly (readonly [PlacedId, number])[];
}

function chooseColumns(screenColumns: number, wishes: TableWishes): Chosen {
  const { sort, hidden, folded } = wishes;
  const isWanted = (id: SlotId): boolean =>
    id === sort || (!hidden.has(id) && !folded.has(id));
  const widths = new Map<SlotId, number>();
  const take = (id: SlotId): void => void widths.set(id, widthOf(id, wishes));
  for (const id of ["tid", "read", "write"] as const)
    if (isWanted(id)) take(id);
  if (sort !== "graph" && sort !== "command") take(sort);
  const needed = (): number => {
    let cells = MARK_CELLS;
    for (const width of widths.values()) cells += width + GAP_CELLS;
    return cells;
  };
  if (needed() + LEAST_COMMAND_CELLS > screenColumns)
    return chooseFew(wishes, isWanted);
  // What the user asked for comes before what is usual.
  for (const id of SLOTS) {
    if (USUAL.has(id) || widths.has(id) || !isWanted(id)) continue;
    take(id);
    if (needed() + ASKED_COMMAND_CELLS > screenColumns) widths.delete(id);
  }
  let short = true;
  for (const { slot, cells, command } of PLAN) {
    if (slot !== "titles" && !isWanted(slot)) continue;
    const before = new Map(widths);
    if (slot === "titles")
      for (const id of ["read", "write"] as const) {
        const width = columnById(id).title(wishes.view).length;
        if (widths.has(id)) widths.set(id, Math.max(width, widths.get(id)!));
      }
    else {
      const width = cells ?? widthOf(slot, wishes);
      widths.set(slot, Math.max(width, widths.get(slot) ?? 0));
    }
    if (needed() + command <= screenColumns) {
      if (slot === "titles") short = false;
      continue;
    }
    widths.clear();
    for (const [id, width] of before) widths.set(id, width);
    break;
  }
  const graph = widths.get("graph");
  if (graph !== undefined && !short) {
    const spare = screenColumns - needed() - FULL_COMMAND_CELLS;
    const more = Math.floor(Math.max(0, spare) / 3);
    widths.set("graph", Math.min(MAX_GRAPH_CELLS, graph + more));
  }
  return {
    mark: MARK_CELLS,
    short,
    widths: SLOTS.flatMap((id): (readonly [SlotId, number])[] => {
      const width = id === "command" && isWanted(id) ? 0 : widths.get(id);
      return width === undefined ? [] : [[id, width]];
    }),
  };
}

/** In the narrowest windows: an id, one figure, and the name. */
function chooseFew(
  wishes: TableWishes,
  isWanted: (id: SlotId) => boolean,
): Chosen {
  const { sort } = wishes;
  const widths: [PlacedId, number][] = [];
  if (isWanted("tid")) widths.push(["tid", widthOf("tid", wishes)]);
  const isFigure = ["tid", "read", "write", "graph", "command"].includes(sort);
  if (!isFigure) widths.push([sort, widthOf(sort, wishes)]);
  else if (isWanted("read") || isWanted("write"))
    widths.push(["rw", LARGER_CELLS]);
  if (isWanted("command")) widths.push(["command", 0]);
  return { mark: 1, short: true, widths };
}

/** The least width of a column. */
function widthOf(id: SlotId, { view, idCells }: TableWishes): number {
  if (id === "graph") return 6;
  const column = columnById(id);
  const title = column.shortTitle?.(view) ?? column.title(view);
  switch (column.kind) {
    case "id":
      return Math.max(MIN_ID_CELLS, idCells);
    case "size":
    case "bytes": {
      const cells = view.kilobytes ? KILOBYTE_CELLS : COMPACT_CELLS;
      return Math.max(cells, title.length);
    }
    case "share":
    case "calls":
    case "count":
      return Math.max(COMPACT_CELLS, title.length);
    case "text":
      return column.width === "rest" ? 0 : column.width;
  }
}
