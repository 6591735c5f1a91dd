/** Columns that would say nothing: they fold away by themselves. Pure. */
import type { Sample } from "../../../src/model/index.ts";
import type { List } from "./list.ts";
import type { SlotId } from "./slots.ts";

const ALL: readonly ReadonlySet<SlotId>[] = [
  new Set(),
  new Set(["io"]),
  new Set(["swapin"]),
  new Set(["io", "swapin"]),
];

/** Waits that are unknown for all tasks, and those for swapping on a machine without swap. Equal sets are the same. */
export function foldedSlots(
  shown: { readonly sample: Sample; readonly list: List } | null,
): ReadonlySet<SlotId> {
  if (shown === null) return ALL[2]!;
  const { sample, list } = shown;
  const hasSwapIn = list.hasSwapWaits && sample.host.hasSwap !== false;
  return ALL[(list.hasWaits ? 0 : 1) + (hasSwapIn ? 0 : 2)]!;
}
