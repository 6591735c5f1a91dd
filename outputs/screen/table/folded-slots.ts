/** Columns that would say nothing: they fold away by themselves. Pure. */
import type { Sample } from "../../../src/model/index.ts";
import type { List } from "./list.ts";
import type { SlotId } from "./slots.ts";

/** What the tasks of a group do not have in common. */
const OF_TASKS: readonly SlotId[] = [
  "prio",
  "user",
  "state",
  "unit",
  "container",
  "cgroup",
];

const COMBINATIONS: readonly (readonly SlotId[])[] = [
  [],
  ["io"],
  ["swapin"],
  ["io", "swapin"],
];
const ALL: readonly ReadonlySet<SlotId>[] = [[], OF_TASKS].flatMap((more) =>
  COMBINATIONS.map((slots) => new Set([...slots, ...more])),
);

/**
 * Waits that are unknown for all tasks, those for swapping on a machine without swap, and what groups do not have. Equal
 * sets are the same.
 */
export function foldedSlots(
  shown: { readonly sample: Sample; readonly list: List } | null,
  isGrouped: boolean,
): ReadonlySet<SlotId> {
  const from = isGrouped ? COMBINATIONS.length : 0;
  if (shown === null) return ALL[from + 2]!;
  const { sample, list } = shown;
  const hasSwapIn = list.hasSwapWaits && sample.host.hasSwap !== false;
  return ALL[from + (list.hasWaits ? 0 : 1) + (hasSwapIn ? 0 : 2)]!;
}
