/**
 * Functions that name every counter in turn, generated from the declaration when the program starts. They run for every
 * row of every sample, and a loop over the names takes five times as long: the engine finds a property at once if its
 * name is written in the code, but looks it up if the name varies.
 */
import { COUNTERS, type Counter } from "./counters.ts";

/** One piece of code for each counter. */
export function eachCounter(
  write: (counter: Counter, place: number) => string,
): string {
  return COUNTERS.map(write).join("\n");
}

/**
 * The value of an expression.
 *
 * @param scope the values it uses, besides its own parameters
 */
export function compile<T>(
  expression: string,
  scope: Readonly<Record<string, unknown>> = {},
): T {
  const make = new Function(...Object.keys(scope), `return ${expression};`);
  return make(...Object.values(scope)) as T;
}
