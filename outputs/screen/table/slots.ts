/** The columns of the screen: those of the registry, and the graph of each row. */
import {
  COLUMNS,
  columnById,
  type SlotId,
  type View,
} from "../../../src/model/index.ts";
import { SOURCE_TITLES, type GraphSource } from "../graphs/row-history.ts";

export type { SlotId };

/** In the order of the screen: graphs come after all numbers. */
export const SLOTS: readonly SlotId[] = COLUMNS.flatMap(({ id }) =>
  id === "unit" ? (["graph", id] as const) : [id],
);

/** The keys that hide or show each column. */
export const SLOT_KEYS: ReadonlyMap<string, SlotId> = new Map([
  ...COLUMNS.flatMap(({ key, id }) =>
    key === null ? [] : [[key, id] as const],
  ),
  ["8", "graph"] as const,
]);

/** Columns that come by themselves where there is room for more than the usual ones. */
export const AUTOMATIC: ReadonlySet<SlotId> = new Set(["unit"]);

/** Columns that are hidden until the user asks for them. */
export const HIDDEN: ReadonlySet<SlotId> = new Set(
  COLUMNS.filter(({ shownBy }) => !shownBy.includes("screen"))
    .map(({ id }) => id)
    .filter((id) => !AUTOMATIC.has(id)),
);

/** The whole title. */
export function slotTitle(
  id: SlotId,
  {
    view,
    graphSource,
  }: { readonly view: View; readonly graphSource: GraphSource },
): string {
  return id === "graph"
    ? `GRAPH[${SOURCE_TITLES[graphSource]}]`
    : columnById(id).title(view);
}

/** The direction in which the user sorts by it first. */
export function isDescendingFirst(id: SlotId): boolean {
  return id === "graph" || columnById(id).descending;
}
