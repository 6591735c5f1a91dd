/** Ended tasks stay in the list for a while, so that nobody misses what they did by looking away. Pure. */
import {
  endedAtRest,
  endedKey,
  groupEnded,
  netBytes,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";

export interface KeptEnd {
  /** At rest; the same object for as long as it is kept. */
  readonly row: TaskDelta;
  /** The time since the sample in which they ended, ns. */
  readonly agoNs: number;
}

/** By user and name, the latest end last: a loop has one row. */
export type KeptEnds = ReadonlyMap<string, KeptEnd>;

export const NO_ENDS: KeptEnds = new Map();

const MAX_AGE_NS = 60e9;
const MAX_ENDS = 200;

/** @param latest tasks that ended in the sample, of those that had done I/O */
export function keepEnds(
  before: KeptEnds,
  latest: readonly TaskDelta[],
  { timeMs, intervalNs }: Pick<Sample, "timeMs" | "intervalNs">,
): KeptEnds {
  if (before.size === 0 && latest.length === 0) return before;
  const kept = new Map<string, KeptEnd>();
  for (const [key, { row, agoNs }] of before)
    if (agoNs + intervalNs <= MAX_AGE_NS)
      kept.set(key, { row, agoNs: agoNs + intervalNs });
  for (const row of groupEnded(latest.filter(didSomething), timeMs)) {
    const key = endedKey(row.task);
    // The latest come last.
    kept.delete(key);
    kept.set(key, { row: endedAtRest(row, timeMs), agoNs: 0 });
  }
  for (const key of kept.keys()) {
    if (kept.size <= MAX_ENDS) break;
    kept.delete(key);
  }
  return kept;
}

/** Even where there is no room for graphs. */
const LEAST_AGE_NS = 10e9;

/**
 * Rows of those that ended before the sample, until their graph is empty.
 *
 * @param reachNs how far back graphs go
 */
export function earlierEnds(
  kept: KeptEnds,
  reachNs: number,
): readonly KeptEnd[] {
  const most = Math.max(LEAST_AGE_NS, reachNs);
  return [...kept.values()].filter(({ agoNs }) => agoNs > 0 && agoNs <= most);
}

/** Whether there is anything to be seen of it: a graph has no place for cancelled writes. */
function didSomething({ since }: TaskDelta): boolean {
  return [netBytes(since), since.ioWaitNs, since.swapWaitNs].some(
    (amount) => amount !== null && amount > 0,
  );
}
