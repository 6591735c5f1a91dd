/**
 * Tasks to groups for metrics. A group gets a series of its own once and keeps it; whatever has none counts to
 * `OTHER`, so that the groups and `OTHER` add up to the host's totals in every sample.
 */
import {
  COUNTERS,
  addCounters,
  addInto,
  unknownDelta,
  type MutableIoDelta,
} from "./delta.ts";
import type { IoDelta, Sample, TaskInfo, Unknown } from "./sample.ts";

export const GROUP_KINDS = ["comm", "user", "cgroup"] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** Name of the remainder. A real group of that name is never admitted: it is part of the remainder. */
export const OTHER = "_other";

/** One sample, divided. `groups` and `other` add up to the host's counters. */
export interface Division {
  /** Admitted groups with activity in this sample. */
  readonly groups: ReadonlyMap<string, IoDelta>;
  /** All the rest: totals less the groups. */
  readonly other: IoDelta;
  /** Groups not yet admitted. Their activity is part of `other`. */
  readonly candidates: ReadonlyMap<string, IoDelta>;
}

/**
 * The group of a task; null if it cannot be told (the cgroup of a task that ended early). Instances of one kernel
 * thread share a name.
 */
export function groupName(task: TaskInfo, kind: GroupKind): string | Unknown {
  if (kind === "user") return task.user;
  if (kind === "cgroup") return task.cgroup;
  return task.isKernelThread ? withoutInstance(task.comm) : task.comm;
}

/** "kworker/u8:2-events" is kworker, "jbd2/vda1-8" jbd2, "kswapd0" kswapd, "scsi_eh_0" scsi_eh. */
export function withoutInstance(comm: string): string {
  const cut = comm.search(/[/:]/);
  const name = cut < 0 ? comm.replace(/_?[0-9]+$/, "") : comm.slice(0, cut);
  return name === "" ? comm : name;
}

/** Divides by process, so that a pool thread's own name does not hide its program's. Asks nothing of idle tasks. */
export function divideSample(
  sample: Sample,
  kind: GroupKind,
  admitted: ReadonlySet<string>,
): Division {
  const groups = new Map<string, MutableIoDelta>();
  const candidates = new Map<string, MutableIoDelta>();
  const named = unknownDelta();
  const rest = unknownDelta();
  let restRows = 0;
  for (const row of sample.processes) {
    if (!COUNTERS.some((counter) => row[counter])) continue;
    const name = groupName(row.task, kind);
    if (name !== null && admitted.has(name)) {
      addInto(named, row);
      addTo(groups, name, row);
      continue;
    }
    addInto(rest, row);
    restRows++;
    if (name !== null && name !== OTHER) addTo(candidates, name, row);
  }
  const other = unknownDelta();
  for (const counter of COUNTERS) {
    const left = remainder(sample.host[counter], named[counter]);
    // The groups make up the whole total, and nobody could see this counter of the others: their 0 would be a guess.
    const unseen =
      restRows > 0 && rest[counter] === null && named[counter] !== null;
    other[counter] = left === 0 && unseen ? null : left;
  }
  return { groups, other, candidates };
}

/**
 * The groups that have a series from the next sample on: those that have one now and the biggest candidates, up to
 * `maxGroups`. The sample that brings a group in stays in the remainder, because consumers of cumulative series
 * ignore the first value that they see.
 */
export function admitGroups(
  admitted: ReadonlySet<string>,
  candidates: ReadonlyMap<string, IoDelta>,
  maxGroups: number,
): ReadonlySet<string> {
  const free = maxGroups - admitted.size;
  if (free <= 0) return admitted;
  const chosen = [...candidates]
    .filter(([, io]) => movedBytes(io) > 0 || waitedNs(io) > 0)
    .sort(byWeight)
    .slice(0, free);
  if (chosen.length === 0) return admitted;
  return new Set([...admitted, ...chosen.map(([name]) => name)]);
}

/** Adds to the sum kept under a name. */
export function addTo<K>(
  sums: Map<K, MutableIoDelta>,
  key: K,
  io: IoDelta,
): void {
  let sum = sums.get(key);
  if (sum === undefined) sums.set(key, (sum = unknownDelta()));
  addInto(sum, io);
}

function remainder(
  total: number | Unknown,
  named: number | Unknown,
): number | Unknown {
  return total === null ? null : total - (named ?? 0);
}

function movedBytes(io: IoDelta): number {
  const moved = addCounters(io.readBytes, io.writeBytes);
  return addCounters(moved, io.cancelledBytes) ?? 0;
}

function waitedNs(io: IoDelta): number {
  return addCounters(io.ioWaitNs, io.swapWaitNs) ?? 0;
}

type Named = readonly [name: string, io: IoDelta];

/** Bytes first, then waits; equals by name, so that a replay admits the same groups. */
function byWeight([nameA, a]: Named, [nameB, b]: Named): number {
  return (
    movedBytes(b) - movedBytes(a) ||
    waitedNs(b) - waitedNs(a) ||
    (nameA < nameB ? -1 : 1)
  );
}
