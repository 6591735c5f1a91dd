/**
 * Functions that name every counter in turn, made from the declaration when the program starts. They run for every row
 * of every sample, and a loop over the names takes five times as long: the engine finds a property by a name that is
 * written in the code at once, and by one that changes from turn to turn only by looking it up.
 */
import { COUNTERS, type Counter } from "./counters.ts";

/** One piece of code a counter. */
export function eachCounter(
  write: (counter: Counter, place: number) => string,
): string {
  return COUNTERS.map(write).join("\n");
}

/**
 * The value of an expression.
 *
 * @param scope what it names, besides its own parameters
 */
export function compile<T>(
  expression: string,
  scope: Readonly<Record<string, unknown>> = {},
): T {
  const make = new Function(...Object.keys(scope), `return ${expression};`);
  return make(...Object.values(scope)) as T;
}
