/** @throws on an empty list */
export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) throw new Error("no numbers");
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The smallest number that is not exceeded by such a share of all.
 *
 * @throws on an empty list
 */
export function quantile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new Error("no numbers");
  const sorted = numbers.toSorted((a, b) => a - b);
  const index = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.max(0, index)]!;
}
