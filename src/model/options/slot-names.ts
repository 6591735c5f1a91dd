/** The columns of the screen by the words that people type for them. */
import { COLUMNS, columnById } from "../columns/columns.ts";
import type { SlotId } from "./screen-settings.ts";

/** In the order of the screen: graphs come before the column that takes the rest. */
export const SLOT_IDS: readonly SlotId[] = COLUMNS.flatMap(({ id, width }) =>
  width === "rest" ? (["graph", id] as const) : [id],
);

/** "pid" for the column of ids, which shows those of processes or threads. */
export const slotName = (id: SlotId): string => (id === "tid" ? "pid" : id);

/** What `parseSort` takes, with or without a sign. */
export const SORT_NAMES: readonly string[] = SLOT_IDS.map(slotName);

export const SORT_LIST = SORT_NAMES.join(", ");

interface Order {
  readonly sort: SlotId;
  readonly descending: boolean;
}

/** "write", in its natural direction, "+write", ascending, or "-write"; null if there is no such column. */
export function parseSort(text: string): Order | null {
  const [, sign, name = ""] = /^([+-]?)(.*)$/s.exec(text)!;
  const sort = SLOT_IDS.find((id) => id === name || slotName(id) === name);
  if (sort === undefined) return null;
  return {
    sort,
    descending: sign === "" ? isDescendingFirst(sort) : sign === "-",
  };
}

/** The shortest text that `parseSort` reads so. */
export function sortText({ sort, descending }: Order): string {
  const sign =
    descending === isDescendingFirst(sort) ? "" : descending ? "-" : "+";
  return sign + slotName(sort);
}

function isDescendingFirst(id: SlotId): boolean {
  return id === "graph" || columnById(id).descending;
}
