/** The delays that keys go through. Pure. */

const STEPS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/** The next longer or shorter one; the same if there is none. */
export function stepInterval(intervalMs: number, step: 1 | -1): number {
  const next =
    step > 0
      ? STEPS_MS.find((ms) => ms > intervalMs)
      : STEPS_MS.findLast((ms) => ms < intervalMs);
  return next ?? intervalMs;
}
