/**
 * What one task did lately, for the order of the list. What it did in a sample counts half as much every five seconds,
 * so that rows stay where they are while their figures go up and down.
 */
import { NO_ACTIVITY, type Activities, type Activity } from "./activities.ts";
import type { Moment } from "./moment.ts";
import type { GraphSource } from "./row-history.ts";

export type Standings = ReadonlyMap<string, Standing>;

/** What one task did lately. */
export interface Standing {
  /** Sums over the samples so far, halved every five seconds: bytes, or percent times seconds. */
  readonly sums: Activity;
  /**
   * What the order goes by: a mean, in the unit of the graph. It changes only when it is off by a fifth, so that two
   * rows of about one size do not change places.
   */
  readonly steady: Activity;
  /** How long it has done nothing, ns. */
  readonly idleNs: number;
}

const HALF_LIFE_S = 5;
/** After so long a rest, what was done counts a four-thousandth. */
export const FORGOTTEN_NS = 60e9;
const STEADY_RATIO = 1.2;

/** How much of what was done before a sample still counts after it. */
export function shareLeft({ intervalNs }: Pick<Moment, "intervalNs">): number {
  return 0.5 ** (intervalNs / 1e9 / HALF_LIFE_S);
}

/**
 * One sample later.
 *
 * @param seconds the sum of all seconds so far, halved in the same way
 */
export function step(
  before: Standings,
  now: Activities,
  moment: Pick<Moment, "intervalNs">,
  seconds: number,
): Standings {
  const { intervalNs } = moment;
  const share = shareLeft(moment);
  const next = new Map<string, Standing>();
  for (const [key, standing] of before) {
    if (now.has(key)) continue;
    const idleNs = standing.idleNs + intervalNs;
    if (idleNs > FORGOTTEN_NS) continue;
    next.set(key, standingOf(standing, NO_ACTIVITY, share, 0, seconds, idleNs));
  }
  now.keys.forEach((key, at) => {
    const activity = now.at(at);
    next.set(
      key,
      standingOf(before.get(key), activity, share, intervalNs, seconds, 0),
    );
  });
  return next;
}

function standingOf(
  before: Standing | undefined,
  now: Activity,
  share: number,
  intervalNs: number,
  seconds: number,
  idleNs: number,
): Standing {
  const old = before?.sums ?? NO_ACTIVITY;
  const shown = before?.steady ?? NO_ACTIVITY;
  const intervalS = intervalNs / 1e9;
  // By name, as a loop over the names would take several times as long.
  const sums = {
    rw: old.rw * share + now.rw * intervalS,
    io: old.io * share + now.io * intervalS,
    read: old.read * share + now.read * intervalS,
    write: old.write * share + now.write * intervalS,
    swapin: old.swapin * share + now.swapin * intervalS,
  };
  const steady = {
    rw: steadied(shown.rw, sums.rw / seconds),
    io: steadied(shown.io, sums.io / seconds),
    read: steadied(shown.read, sums.read / seconds),
    write: steadied(shown.write, sums.write / seconds),
    swapin: steadied(shown.swapin, sums.swapin / seconds),
  };
  return { sums, steady, idleNs };
}

/** What was shown, as long as it is right within a fifth. */
function steadied(shown: number, mean: number): number {
  return mean > shown * STEADY_RATIO || mean * STEADY_RATIO < shown
    ? mean
    : shown;
}

/** A task that did something so lately keeps its row: rows do not come and go with every sample. */
const LATELY_NS = 5e9;

export function isLately(standing: Standing | undefined): boolean {
  return standing !== undefined && standing.idleNs <= LATELY_NS;
}

/** A mean of what a task did lately; 0 if it did nothing. */
export function steadyOf(
  standing: Standing | undefined,
  source: GraphSource,
): number {
  return standing?.steady[source] ?? 0;
}
