/** What is known of all tasks together where some of them could not be read. */
import { COUNTERS } from "../model/counters.ts";
import type { IoDelta } from "../model/sample.ts";
import { isWhole } from "../model/sums/whole-sums.ts";
import type { CounterReader } from "./reader.ts";

/**
 * What the others did is missing. A sum that is more than 0 is a lower bound, and worth something; that nothing moved is
 * not known.
 */
export function knownTotal(
  total: IoDelta,
  { denied, hidesTasks, name }: CounterReader,
): IoDelta {
  const health = { denied: hidesTasks ? null : denied };
  if (health.denied === 0) return total;
  return Object.fromEntries(
    COUNTERS.map((counter) => {
      const sum = total[counter];
      const isTold = sum !== 0 || isWhole(counter, health, name);
      return [counter, isTold ? sum : null];
    }),
  ) as IoDelta;
}
