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
  /** User and name. */
  readonly key: string;
  /** At rest; the same object for as long as it is kept. */
  readonly row: TaskDelta;
  /** On the clock of `KeptEnds`. */
  readonly endedNs: number;
}

/** Many are kept, one with each sample: they share what they have in common. */
export interface KeptEnds {
  /** The time that all samples so far have taken, ns. */
  readonly nowNs: number;
  /** The latest last, one for a user and name: a loop has one row. The same list as before if nothing came or went. */
  readonly ends: readonly End[];
}

export const NO_ENDS: KeptEnds = { nowNs: 0, ends: [] };

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
  const latestEnds = groupEnded(latest.filter(didSomething), timeMs).map(
    (row): End => ({
      key: endedKey(row.task),
      row: endedAtRest(row, timeMs),
      endedNs: nowNs,
    }),
  );
  const [oldest] = before.ends;
  const isSame =
    latestEnds.length === 0 && (oldest === undefined || !isTooOld(oldest));
  if (isSame) return { nowNs, ends: before.ends };
  const keys = new Set(latestEnds.map(({ key }) => key));
  const ends = before.ends
    .filter((end) => !isTooOld(end) && !keys.has(end.key))
    .concat(latestEnds)
    .slice(-MAX_ENDS);
  return { nowNs, ends };
}

/** How many entries one sample's list has that the list before it had not. */
export function newEnds({ nowNs, ends }: KeptEnds): number {
  return ends.filter(({ endedNs }) => endedNs === nowNs).length;
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
  return ends
    .map(({ row, endedNs }) => ({ row, agoNs: nowNs - endedNs }))
    .filter(({ agoNs }) => agoNs > 0 && agoNs <= most);
}

/** Whether there is anything to be seen of it: a graph has no place for cancelled writes. */
function didSomething({ since }: TaskDelta): boolean {
  const { ioWaitNs, swapWaitNs } = since;
  const waitNs = (ioWaitNs ?? 0) + (swapWaitNs ?? 0);
  return waitNs > 0 || (netBytes(since) ?? 0) > 0;
}
