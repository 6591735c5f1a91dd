/** What all rows did lately, for the order of the list. */
import { GroupsLately } from "./groups-lately.ts";
import type { Moment } from "./row-history.ts";
import { shareLeft, step, type Standings } from "./standing.ts";

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
}

export const NOTHING_RECENT: Recent = {
  threads: new Map(),
  processes: new Map(),
  ended: new Map(),
  groups: null,
  seconds: 0,
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
  };
}
