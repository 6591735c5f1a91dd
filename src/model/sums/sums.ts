/**
 * What the columns READ and WRITE say: of the interval, since watching began, a mean of that time, or of the whole life
 * of each task. Rows are made over, so that every table, column and order works with any of them.
 */
import { Row, isIdle, unknownDelta } from "../delta.ts";
import { EndedRow, ManyRow } from "../tasks/ended.ts";
import type { EndedRows } from "../tasks/ended-tally.ts";
import type { IoDelta, Sample, TaskDelta } from "../sample.ts";
import type { View } from "../view/view.ts";

/**
 * What rows show: rates of the interval, sums or means since watching began, or what tasks have done since they
 * started.
 */
export const SUMS_MODES = Object.freeze([
  "rates",
  "sums",
  "means",
  "lifetime",
] as const);
/** One of `SUMS_MODES`. */
export type SumsMode = (typeof SUMS_MODES)[number];

/** The mode of the rows of a view. */
export function sumsModeOf({
  accumulated,
  mean,
  lifetime,
}: Pick<View, "accumulated" | "mean" | "lifetime">): SumsMode {
  if (accumulated) return lifetime ? "lifetime" : "sums";
  return mean ? "means" : "rates";
}

/** The same view with rows of another mode. */
export function withSums(view: View, mode: SumsMode): View {
  return {
    ...view,
    accumulated: mode === "sums" || mode === "lifetime",
    mean: mode === "means",
    lifetime: mode === "lifetime",
  };
}

/** Whether rows cover more than the interval: then tasks that have ended stay in the list. */
export function coversWatch({
  accumulated,
  mean,
}: Pick<View, "accumulated" | "mean">): boolean {
  return accumulated || mean;
}

/**
 * A row with means since watching began as its rates, and what was done since then as its deltas. A row that did nothing
 * is returned as it is.
 *
 * @param watchedNs time since watching began, also for a task that began later: so rows add up
 */
export function meanRow(row: TaskDelta, watchedNs: number): TaskDelta {
  if (isIdle(row.since) && isIdle(row)) return row;
  return remade(row, { io: row.since, elapsedNs: watchedNs });
}

/** A row whose sums are those of the whole life of its task; bytes alone are kept for so long. */
export function lifetimeRow(row: TaskDelta): TaskDelta {
  const since = { ...unknownDelta(), ...row.lifetime };
  return remade(row, { since });
}

/** The same row but for these fields. */
export function remade(
  row: TaskDelta,
  change: {
    readonly io?: IoDelta;
    readonly elapsedNs?: number;
    readonly since?: IoDelta;
  },
): TaskDelta {
  const { task, elapsedNs, since, lifetime, count, born, exit } = row;
  const init = { task, elapsedNs, since, lifetime, count, born, exit };
  const io = row;
  if (row instanceof EndedRow) {
    const { taskCount, endedMs } = row;
    return new EndedRow({ ...init, io, taskCount, endedMs, ...change });
  }
  const { blockedNs } = row;
  if (row instanceof ManyRow) {
    const { taskCount } = row;
    return new ManyRow({ ...init, io, blockedNs, taskCount, ...change });
  }
  return new Row({ ...init, io, blockedNs, ...change });
}

export type Make = (row: TaskDelta) => TaskDelta;

/** Makes rows over, each once: a row that is kept from sample to sample stays the same object. */
export function once(make: Make): Make {
  const made = new WeakMap<TaskDelta, TaskDelta>();
  return (row) => {
    let result = made.get(row);
    if (result === undefined) made.set(row, (result = make(row)));
    return result;
  };
}

const lifetimeOnce = once(lifetimeRow);

/** The function that makes the rows of a mode from those of a sample. */
export function rowsOf(mode: SumsMode, watchedNs: number): Make {
  if (mode === "means") return (row) => meanRow(row, watchedNs);
  return mode === "lifetime" ? lifetimeOnce : (row) => row;
}

/** The same sample with rows of another mode; totals and everything else stay. Processes are made when they are read. */
export function remakeRows(sample: Sample, make: Make): Sample {
  const { version, seq, timeMs, uptimeS, intervalNs, origin } = sample;
  const { host, endedThreads, unlisted, recorded, health, files, cgroups } =
    sample;
  let processes: readonly TaskDelta[] | undefined;
  return {
    ...{ version, seq, timeMs, uptimeS, intervalNs, origin },
    ...{ host, endedThreads, unlisted, recorded, health, files, cgroups },
    threads: sample.threads.map(make),
    get processes() {
      return (processes ??= sample.processes.map(make));
    },
  };
}

/** The rows of ended tasks, made anew in another mode. */
export function remakeEnded(ended: EndedRows, make: Make): EndedRows {
  return {
    groups: ended.groups.map(make),
    earlier: ended.earlier.map(make),
    latest: ended.latest.map(make),
  };
}
