/** Which sums over all tasks lack none of them. */
import { COUNTERS, WAITS, type Counter } from "../counters.ts";
import { unknownDelta } from "../delta.ts";
import type { Health, IoDelta, Origin, Sample } from "../sample.ts";

/** Whether no task is missing in a sum over all: if one is, the sum is a lower bound, and 0 says nothing. */
export function isWhole(
  counter: Counter,
  { denied }: Pick<Health, "denied">,
  accounting: Origin["accounting"],
): boolean {
  if (denied === 0) return true;
  // In /proc everybody may read how long a task has waited, unless it hides tasks.
  return accounting === "procfs" && denied !== null && WAITS.includes(counter);
}

/**
 * The counters of the host that cover all tasks; the others are unknown, not lower bounds. For metrics, which cannot
 * say which they are.
 */
export function wholeTotals({ host, health, origin }: Sample): IoDelta {
  if (health.denied === 0) return host;
  const totals = unknownDelta();
  for (const counter of COUNTERS)
    if (isWhole(counter, health, origin.accounting))
      totals[counter] = host[counter];
  return totals;
}
