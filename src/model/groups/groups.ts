/**
 * Divides tasks into groups for metrics: the I/O of each group in a sample, with the groups that have no name of their
 * own as `OTHER_GROUP`. The groups and it add up to the host's totals in every sample.
 */
import {
  addInto,
  isIdle,
  remainderOf,
  sumDeltas,
  unknownDelta,
  type MutableIoDelta,
} from "../delta.ts";
import { groupName, type GroupKind } from "./group-name.ts";
import type { IoDelta, Sample } from "../sample.ts";

/** Name of the remainder, "_other". A real group with that name is never admitted: it belongs to the remainder. */
export const OTHER_GROUP = "_other";

/** The I/O of the tasks of one sample. */
export interface GroupSums {
  /** By name; only groups with activity. */
  readonly groups: ReadonlyMap<string, IoDelta>;
  /** The tasks whose group is unknown or has no name; null if there are none. */
  readonly nameless: IoDelta | null;
}

/** One sample, divided. `groups` and `other` add up to the host's counters. */
export interface Division {
  /** Named groups with activity in this sample. */
  readonly groups: ReadonlyMap<string, IoDelta>;
  /** The remainder: totals minus the groups. */
  readonly other: IoDelta;
}

/**
 * The I/O of each group in a sample. Sums are by process, so that the name of a pool thread does not hide that of its
 * program. Reads nothing of idle tasks.
 */
export function sumGroups(sample: Sample, kind: GroupKind): GroupSums {
  const groups = new Map<string, MutableIoDelta>();
  let nameless: MutableIoDelta | null = null;
  for (const row of sample.processes) {
    if (isIdle(row)) continue;
    const name = groupName(row.task, kind);
    if (name === null || name === OTHER_GROUP)
      addInto((nameless ??= unknownDelta()), row);
    else addTo(groups, name, row);
  }
  return { groups, nameless };
}

/**
 * Divides a total into the groups that have a name of their own and the remainder. For every counter the two add up to
 * the total.
 *
 * @param total usually `sample.host`
 * @param sums of the same sample
 * @param named names of the groups that are not part of the remainder: a set, or `GroupNames`
 */
export function divideByGroup(
  total: IoDelta,
  { groups, nameless }: GroupSums,
  named: Pick<ReadonlySet<string>, "has">,
): Division {
  const mine = new Map([...groups].filter(([name]) => named.has(name)));
  const rest = [...groups].flatMap(([name, io]) =>
    named.has(name) ? [] : [io],
  );
  if (nameless !== null) rest.push(nameless);
  const mineSum = sumDeltas(mine.values());
  const restSum = sumDeltas(rest);
  const other = remainderOf(
    total,
    mineSum,
    (counter) =>
      rest.length === 0 ||
      restSum[counter] !== null ||
      mineSum[counter] === null,
  );
  return { groups: mine, other };
}

/** Adds to the sum stored under a key. */
export function addTo<K>(
  sums: Map<K, MutableIoDelta>,
  key: K,
  io: IoDelta,
): void {
  let sum = sums.get(key);
  if (sum === undefined) sums.set(key, (sum = unknownDelta()));
  addInto(sum, io);
}
