/** The order of the rows. Pure. */
import {
  columnById,
  coversWatch,
  endedKey,
  isActive,
  isBlocked,
  isEndedKey,
  isGroupKey,
  isIdle,
  netBytes,
  netWriteBytes,
  perSecond,
  percentOf,
  sortRows,
  standsForMany,
  type Column,
  type IoDelta,
  type TaskDelta,
} from "../../../src/model/index.ts";
import type { Recent } from "../graphs/recent.ts";
import { steadyOf } from "../graphs/standing.ts";
import type { GraphSource } from "../graphs/row-history.ts";
import type { ScreenState } from "../state.ts";
import type { SlotId } from "./slots.ts";

export type Ordering = Pick<
  ScreenState,
  "view" | "sort" | "descending" | "graphSource" | "ended"
>;

/** Columns whose order goes by what was done lately, as a graph does. */
const SOURCE_OF: Partial<Record<SlotId, GraphSource>> = {
  read: "read",
  write: "write",
  swapin: "swapin",
  io: "io",
};
/** Keys of rows that only wait, or are stuck: after all rows with a key of their own, before those at rest. */
const LEAST = 1e-6;
const STUCK = 1e-9;
const STUCK_PERCENT = 100;

/** A new array. Equal rows keep the order of their ids. */
export type RowOrder = (rows: readonly TaskDelta[]) => TaskDelta[];

/** To be made once for many lists: thousands of processes have their threads sorted. */
export function rowOrder(ordering: Ordering, recent: Recent): RowOrder {
  const { view, sort, descending, graphSource } = ordering;
  const source = sort === "graph" ? graphSource : SOURCE_OF[sort];
  const column = columnById(sort === "graph" ? "io" : sort);
  const by =
    source === undefined ? column : amountsOf(source, column, recent, ordering);
  return (rows) => sortRows(rows, by, descending, view);
}

function amountsOf(
  source: GraphSource,
  column: Column,
  recent: Recent,
  ordering: Ordering,
): Column {
  const { view, sort } = ordering;
  const isShare = source === "io" || source === "swapin";
  const amountOf =
    coversWatch(view) && (sort === "graph" || !isShare)
      ? (row: TaskDelta) => sumOf(view.mean ? row : row.since, source)
      : (row: TaskDelta) => lately(row, source, recent, ordering);
  return {
    ...column,
    sortKey(row) {
      const amount = amountOf(row);
      if (sort === "io" && isBlocked(row))
        return Math.max(amount, STUCK_PERCENT);
      if (amount > 0) return amount;
      if (isBlocked(row)) return STUCK;
      if (!isActive(row, view.accumulated)) return 0;
      // What it did is in another column: then by all bytes.
      const bytes = coversWatch(view)
        ? sumOf(view.mean ? row : row.since, "rw")
        : lately(row, "rw", recent, ordering);
      return LEAST * (1 + bytes / (bytes + 1));
    },
  };
}

/** A mean of the last seconds. A task among too many to be remembered stands by its last interval. */
function lately(
  row: TaskDelta,
  source: GraphSource,
  recent: Recent,
  { view: { processes }, ended }: Ordering,
): number {
  const { task } = row;
  if (row.exit !== null || standsForMany(row)) {
    const { key } = task;
    if (isGroupKey(key)) return steadyOf(recent.groups?.get(key), source);
    if (isEndedKey(key)) return steadyOf(recent.ended.get(key), source);
  }
  const process = recent.processes.get(task.processKey);
  // The key of a thread is made on use: not for the many whose process rests too.
  if (process === undefined && row.exit === null && isIdle(row)) return 0;
  const own = processes ? process : recent.threads.get(task.key);
  const isOfGroup = row.exit !== null && ended !== "each";
  const group = isOfGroup ? recent.ended.get(endedKey(task)) : undefined;
  if (own === undefined && group === undefined) return momentary(row, source);
  return Math.max(steadyOf(own, source), steadyOf(group, source));
}

function momentary(row: TaskDelta, source: GraphSource): number {
  const { elapsedNs } = row;
  if (source === "io") return percentOf(row.ioWaitNs, elapsedNs) ?? 0;
  if (source === "swapin") return percentOf(row.swapWaitNs, elapsedNs) ?? 0;
  return perSecond(sumOf(row, source), elapsedNs) ?? 0;
}

function sumOf(io: IoDelta, source: GraphSource): number {
  switch (source) {
    case "rw":
      return netBytes(io) ?? 0;
    case "read":
      return io.readBytes ?? 0;
    case "write":
      return netWriteBytes(io) ?? 0;
    case "io":
      return io.ioWaitNs ?? 0;
    case "swapin":
      return io.swapWaitNs ?? 0;
  }
}
