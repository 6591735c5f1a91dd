/** Columns that would say nothing: they fold away by themselves. Pure. */
import {
  groupKindOf,
  isOfCgroups,
  type Sample,
} from "../../../src/model/index.ts";
import type { Grouping } from "../groups.ts";
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

/** What is known of cgroups alone. */
const OF_CGROUPS: readonly SlotId[] = ["from-disk", "to-disk"];

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
  groupBy: Grouping,
): ReadonlySet<SlotId> {
  const hasSwapIn =
    shown !== null &&
    shown.list.hasSwapWaits &&
    shown.sample.host.hasSwap !== false;
  const slots: readonly SlotId[] = [
    ...(shown === null || shown.list.hasWaits ? [] : (["io"] as const)),
    ...(hasSwapIn ? [] : (["swapin"] as const)),
    ...(shown === null || shown.hasUnits ? [] : (["unit"] as const)),
    ...(groupBy === "off" ? [] : OF_TASKS),
    ...(isOfCgroups(groupKindOf(groupBy)) ? [] : OF_CGROUPS),
  ];
  const key = slots.join(" ");
  const folded = sets.get(key) ?? new Set(slots);
  sets.set(key, folded);
  return folded;
}
