/** Sums that go on for years. */

/** What cannot be, as in a damaged recording, is not added: a sum that goes down or is no integer is of no use. */
export function addTo<K>(
  sums: Map<K, bigint>,
  key: K,
  amount: number | null | undefined,
): void {
  if (amount === null || amount === undefined) return;
  if (!Number.isSafeInteger(amount) || amount < 0) return;
  sums.set(key, (sums.get(key) ?? 0n) + BigInt(amount));
}
