/** Who it was, in a sentence. */
import type { Group, Recording } from "./recording.ts";
import { sumOf, type Range } from "./sums.ts";

export type Direction = "write" | "read";

/** The group that moved the most in one direction. */
export interface Finding {
  readonly direction: Direction;
  /** Place among the groups; null: nothing moved, or it is unknown. */
  readonly culprit: {
    readonly id: number;
    readonly bytes: number;
    /** Of what all groups moved, 0 to 1. */
    readonly share: number;
    /** Its busiest bin. */
    readonly peak: { readonly at: number; readonly bytesPerS: number };
  } | null;
  /** What all moved; null: unknown. */
  readonly totalBytes: number | null;
}

/** The rest is nobody: of the groups with a name, the biggest one. */
export function findingOf(
  { groups, watchedNs }: Recording,
  range: Range,
  direction: Direction,
): Finding {
  const sums = groups.map((group) => sumOf(group[direction], range));
  if (sums.every((sum) => sum === null))
    return { direction, culprit: null, totalBytes: null };
  const bytes = sums.map((sum) => sum?.known ?? 0);
  const totalBytes = bytes.reduce((a, b) => a + b, 0);
  const most = Math.max(0, ...bytes.slice(0, -1));
  if (most === 0) return { direction, culprit: null, totalBytes };
  const id = bytes.indexOf(most);
  const peak = peakOf(groups[id]!, direction, watchedNs, range);
  return {
    direction,
    culprit: { id, bytes: most, share: most / totalBytes, peak },
    totalBytes,
  };
}

function peakOf(
  group: Group,
  direction: Direction,
  watchedNs: readonly number[],
  { from, to }: Range,
): { readonly at: number; readonly bytesPerS: number } {
  let peak = { at: from, bytesPerS: 0 };
  for (let at = from; at < to; at++) {
    const ns = watchedNs[at]!;
    const bytesPerS = ns > 0 ? ((group[direction][at] ?? 0) * 1e9) / ns : 0;
    if (bytesPerS > peak.bytesPerS) peak = { at, bytesPerS };
  }
  return peak;
}
