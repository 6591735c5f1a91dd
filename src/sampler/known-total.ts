/** What is known of all tasks together where some of them could not be read. */
import { COUNTERS, WAITS } from "../model/counters.ts";
import type { IoDelta } from "../model/sample.ts";
import type { CounterReader } from "./reader.ts";

/**
 * What the others did is missing. A sum that is more than 0 is a lower bound, and worth something; that nothing moved is
 * not known.
 */
export function knownTotal(
  total: IoDelta,
  { denied, hidesTasks, name }: CounterReader,
): IoDelta {
  if (denied === 0 && !hidesTasks) return total;
  // In /proc everybody may read how long a task has waited.
  const isWhole = (counter: (typeof COUNTERS)[number]): boolean =>
    name === "procfs" && !hidesTasks && WAITS.includes(counter);
  return Object.fromEntries(
    COUNTERS.map((counter) => {
      const sum = total[counter];
      return [counter, sum === 0 && !isWhole(counter) ? null : sum];
    }),
  ) as IoDelta;
}
