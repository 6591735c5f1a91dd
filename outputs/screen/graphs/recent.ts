/** What all rows did lately, for the order of the list. */
import { standsForMany, type TaskDelta } from "../../../src/model/index.ts";
import { GroupsLately } from "./groups-lately.ts";
import type { Moment } from "./moment.ts";
import { FORGOTTEN_NS, shareLeft, step, type Standings } from "./standing.ts";

export interface Recent {
  readonly threads: Standings;
  /** By the key of the process. */
  readonly processes: Standings;
  /** Tasks that ended, by the key of their group. */
  readonly ended: Standings;
  /** Groups of every kind, by their keys. */
  readonly groups: GroupsLately | null;
  /** The sum of all seconds so far, halved every five seconds. */
  readonly seconds: number;
  /** The time of all samples so far, ns. */
  readonly coveredNs: number;
}

export const NOTHING_RECENT: Recent = {
  threads: new Map(),
  processes: new Map(),
  ended: new Map(),
  groups: null,
  seconds: 0,
  coveredNs: 0,
};

/** One sample later. */
export function appendRecent(before: Recent, moment: Moment): Recent {
  const seconds = before.seconds * shareLeft(moment) + moment.intervalNs / 1e9;
  const next = (kind: "threads" | "processes" | "ended") =>
    step(before[kind], moment[kind], moment, seconds);
  return {
    threads: next("threads"),
    processes: next("processes"),
    ended: next("ended"),
    groups: new GroupsLately(before.groups, moment, seconds),
    seconds,
    coveredNs: before.coveredNs + moment.intervalNs,
  };
}

/** Whether a task that lives has certainly done nothing for so long. Most tasks: they need no look at each sample. */
export function isAtRest(
  row: TaskDelta,
  isProcess: boolean,
  recent: Recent,
  forNs: number,
): boolean {
  if (forNs > Math.min(FORGOTTEN_NS, recent.coveredNs)) return false;
  if (row.exit !== null || standsForMany(row)) return false;
  return isProcess
    ? !recent.processes.has(row.task.processKey)
    : !recent.threads.has(row.task.key);
}
