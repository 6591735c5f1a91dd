/** Whether samples still come. */

/** So many intervals may pass without a sample. */
const INTERVALS = 3;
/** A busy machine is late by more than short intervals. */
const MIN_MS = 3_000;

/**
 * Why the sums are too old to be given out, or null. An old sum looks as if nothing happened: no answer is better.
 *
 * @param quietMs since the last sample
 * @param nominalMs between two samples; null: a recording is played, and ends when it likes
 * @param lastNs length of the last sample
 */
export function stallOf(
  quietMs: number,
  nominalMs: number | null,
  lastNs: number,
): string | null {
  if (nominalMs === null) return null;
  const allowedMs = Math.max(
    MIN_MS,
    INTERVALS * Math.max(nominalMs, lastNs / 1e6),
  );
  if (quietMs <= allowedMs) return null;
  return `no sample for ${(quietMs / 1000).toFixed(1)} s`;
}
