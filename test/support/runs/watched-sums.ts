/** What watched tasks have moved, added up sample by sample: for tests of what rows say. */
import { addCounters, sumDeltas } from "../../../src/model/delta.ts";
import type { IoDelta, Sample, TaskDelta } from "../../../src/model/sample.ts";
import { isWatched, type View } from "../../../src/model/view/view.ts";

export type Moved = Pick<IoDelta, "readBytes" | "writeBytes">;

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
