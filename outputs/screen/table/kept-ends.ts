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
  readonly row: TaskDelta;
  /** The time since the sample in which they ended, ns. */
  readonly agoNs: number;
}

interface End {
  /** At rest; the same object for as long as it is kept. */
  readonly row: TaskDelta;
  /** On the clock of `KeptEnds`. */
  readonly endedNs: number;
}

/** Many are kept, one with each sample: they share what they have in common. */
export interface KeptEnds {
  /** The time that all samples so far have taken, ns. */
  readonly nowNs: number;
  /** By user and name, the latest end last: a loop has one row. The same object as before if nothing came or went. */
  readonly ends: ReadonlyMap<string, End>;
}

export const NO_ENDS: KeptEnds = { nowNs: 0, ends: new Map() };

const MAX_AGE_NS = 60e9;
const MAX_ENDS = 200;

/** @param latest tasks that ended in the sample, of those that had done I/O */
export function keepEnds(
  before: KeptEnds,
  latest: readonly TaskDelta[],
  { timeMs, intervalNs }: Pick<Sample, "timeMs" | "intervalNs">,
): KeptEnds {
  const nowNs = before.nowNs + intervalNs;
  const isTooOld = ({ endedNs }: End): boolean => nowNs - endedNs > MAX_AGE_NS;
  const groups = groupEnded(latest.filter(didSomething), timeMs);
  const [oldest] = before.ends.values();
  const isSame =
    groups.length === 0 && (oldest === undefined || !isTooOld(oldest));
  if (isSame) return { nowNs, ends: before.ends };
  const ends = new Map<string, End>();
  for (const [key, end] of before.ends) if (!isTooOld(end)) ends.set(key, end);
  for (const row of groups) {
    const key = endedKey(row.task);
    // The latest come last.
    ends.delete(key);
    ends.set(key, { row: endedAtRest(row, timeMs), endedNs: nowNs });
  }
  for (const key of ends.keys()) {
    if (ends.size <= MAX_ENDS) break;
    ends.delete(key);
  }
  return { nowNs, ends };
}

/** Even where there is no room for graphs. */
const LEAST_AGE_NS = 10e9;

/**
 * Rows of those that ended before the sample, until their graph is empty.
 *
 * @param reachNs how far back graphs go
 */
export function earlierEnds(
  { nowNs, ends }: KeptEnds,
  reachNs: number,
): readonly KeptEnd[] {
  const most = Math.max(LEAST_AGE_NS, reachNs);
  return [...ends.values()]
    .map(({ row, endedNs }) => ({ row, agoNs: nowNs - endedNs }))
    .filter(({ agoNs }) => agoNs > 0 && agoNs <= most);
}

/** Whether there is anything to be seen of it: a graph has no place for cancelled writes. */
function didSomething({ since }: TaskDelta): boolean {
  return [netBytes(since), since.ioWaitNs, since.swapWaitNs].some(
    (amount) => amount !== null && amount > 0,
  );
}
