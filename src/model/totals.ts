/** The figures in the lines above a table. */
import { addCounters, perSecond, sumDeltas } from "./delta.ts";
import type { IoDelta, Sample, TaskDelta, Unknown } from "./sample.ts";
import { isWatched, type View } from "./view.ts";

/** Bytes read and written. Cancelled writes are included, so that sums never shrink. */
export type Moved = Pick<IoDelta, "readBytes" | "writeBytes">;

/** Rates in the interval, bytes per second. */
export interface Totals {
  /** Rates of the watched tasks, ended ones included. */
  readonly readRate: number | Unknown;
  readonly writeRate: number | Unknown;
  /** Rates of the block layer, for the whole machine. */
  readonly diskReadRate: number | Unknown;
  readonly diskWriteRate: number | Unknown;
}

/** Rates of all tasks together, or of those that `-p` and `-u` select: the same with and without `-P`. */
export function totalsOf(sample: Sample, view: View): Totals {
  const { host, intervalNs } = sample;
  const io = watchesAll(view) ? host : sumWatched(watchedThreads(sample, view));
  return {
    readRate: perSecond(io.readBytes, intervalNs),
    writeRate: perSecond(io.writeBytes, intervalNs),
    diskReadRate: perSecond(host.diskReadBytes, intervalNs),
    diskWriteRate: perSecond(host.diskWriteBytes, intervalNs),
  };
}

/**
 * Bytes that the watched tasks have moved since watching began, one sample later. Ended tasks are in no later sample,
 * so the sum is carried on.
 *
 * @param before null for the first sample
 */
export function addMoved(
  before: Moved | null,
  sample: Sample,
  view: View,
): Moved {
  if (watchesAll(view)) return sample.host.since;
  const rows = watchedThreads(sample, view);
  if (rows.length === 0) return before ?? NOTHING;
  const now = sumDeltas(before === null ? rows.map((row) => row.since) : rows);
  if (before === null || before === NOTHING) return now;
  return {
    readBytes: addCounters(before.readBytes, now.readBytes),
    writeBytes: addCounters(before.writeBytes, now.writeBytes),
  };
}

function watchesAll(view: View): boolean {
  return view.pids.length === 0 && view.uids.length === 0;
}

function watchedThreads(
  sample: Sample,
  { pids, uids }: View,
): readonly TaskDelta[] {
  return sample.threads.filter((row) => isWatched(row, { pids, uids }));
}

/**
 * If no task is watched, it is known that nothing was moved. If there are tasks and none can be read, the sum is
 * unknown.
 */
const NOTHING: Moved = { readBytes: 0, writeBytes: 0 };

function sumWatched(parts: readonly IoDelta[]): Moved {
  return parts.length === 0 ? NOTHING : sumDeltas(parts);
}
