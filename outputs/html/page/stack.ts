/** Heights of areas that lie on each other. */
import type { Range } from "./sums.ts";
import type { Amounts } from "./recording.ts";

/** Amounts per second, in a unit. */
export const ratesOf = (
  amounts: Amounts,
  watchedNs: readonly number[],
  unit = 1,
): Amounts =>
  amounts.map((amount, at) => {
    const ns = watchedNs[at]!;
    return amount === null ? null : ns > 0 ? (amount / unit) * (1e9 / ns) : 0;
  });

/**
 * The upper edge of each layer, the lowest first. Where a layer is unknown it has no edge, and those above lie on what is
 * known.
 */
export function stack(layers: readonly Amounts[]): readonly Amounts[] {
  const heights: number[] = [];
  return layers.map((layer) =>
    layer.map((amount, at) => {
      if (amount === null) return null;
      return (heights[at] = (heights[at] ?? 0) + amount);
    }),
  );
}

/** The highest of all in a range; 0 if nothing is known. */
export function highest(
  columns: readonly Amounts[],
  { from, to }: Range,
): number {
  let most = 0;
  for (const column of columns)
    for (let at = from; at < to; at++) most = Math.max(most, column[at] ?? 0);
  return most;
}
