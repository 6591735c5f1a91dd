/** Which bins a piece of time is about. */
import type { Recording } from "./recording.ts";
import type { Range } from "./sums.ts";

type Times = Pick<Recording, "length" | "beginMs" | "endMs">;

export const wholeRange = ({ length }: Pick<Times, "length">): Range => ({
  from: 0,
  to: length,
});

/** The bins of which at least half lies between two times; if there are none, the bin in the middle. */
export function rangeBetween(
  { length, beginMs, endMs }: Times,
  fromMs: number,
  toMs: number,
): Range {
  const middleMs = (at: number): number => (beginMs[at]! + endMs[at]!) / 2;
  let from = 0;
  while (from < length - 1 && middleMs(from) < fromMs) from++;
  let to = length;
  while (to > from + 1 && middleMs(to - 1) > toMs) to--;
  return { from, to };
}

/** The bin that a time is in, or that comes next; -1 without bins. */
export function binAt({ length, endMs }: Times, timeMs: number): number {
  const at = endMs.findIndex((end) => end > timeMs);
  return at < 0 ? length - 1 : at;
}

/** The piece of an address after "#", "1795600380000-1795600440000", so that a link can show a piece of time. */
export const hashOf = (
  { beginMs, endMs }: Times,
  { from, to }: Range,
): string => `${Math.round(beginMs[from]!)}-${Math.round(endMs[to - 1]!)}`;

/** Null: it names no piece of time. */
export function parseHash(
  hash: string,
): readonly [fromMs: number, toMs: number] | null {
  const [, from, to] = /^#?(\d{1,16})-(\d{1,16})$/.exec(hash) ?? [];
  return from === undefined || Number(from) >= Number(to)
    ? null
    : [Number(from), Number(to)];
}
