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

/** By what is missing: each combination is one set. */
const sets = new Map<string, ReadonlySet<SlotId>>();

/**
 * Waits that are unknown for all tasks, those for swapping on a machine without swap, units where there are none, and
 * what groups do not have. Equal sets are the same.
 */
export function foldedSlots(
  shown: {
    readonly sample: Sample;
    readonly list: List;
    readonly hasUnits: boolean;
  } | null,
  isGrouped: boolean,
): ReadonlySet<SlotId> {
  const hasSwapIn =
    shown !== null &&
    shown.list.hasSwapWaits &&
    shown.sample.host.hasSwap !== false;
  const slots: readonly SlotId[] = [
    ...(shown === null || shown.list.hasWaits ? [] : (["io"] as const)),
    ...(hasSwapIn ? [] : (["swapin"] as const)),
    ...(shown === null || shown.hasUnits ? [] : (["unit"] as const)),
    ...(isGrouped ? OF_TASKS : []),
  ];
  const key = slots.join(" ");
  const folded = sets.get(key) ?? new Set(slots);
  sets.set(key, folded);
  return folded;
}
