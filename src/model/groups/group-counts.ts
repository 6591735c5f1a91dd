/** How many tasks each group has. */
import { groupName, type GroupKind } from "./group-name.ts";
import type { Sample, Unknown } from "../sample.ts";

/** Tasks of one group in a sample. */
export interface TaskCount {
  /** Tasks (threads) alive at the end of the sample. */
  living: number;
  /** Processes that ended in the sample. */
  ended: number;
}

/**
 * Counts the tasks of each group, by its name: running threads, and processes that have exited. A thread belongs to the
 * group of its process. Tasks of which the group is unknown are under null. Reads the group of every process, so it may
 * cost a file for each new one.
 */
export function countTasks(
  sample: Sample,
  kind: GroupKind,
): ReadonlyMap<string | Unknown, TaskCount> {
  const livingThreads = new Map<string, number>();
  for (const { task, exit } of sample.threads)
    if (exit === null)
      livingThreads.set(
        task.processKey,
        (livingThreads.get(task.processKey) ?? 0) + 1,
      );
  const counts = new Map<string | Unknown, TaskCount>();
  for (const { task, exit } of sample.processes) {
    const name = groupName(task, kind);
    let count = counts.get(name);
    if (count === undefined)
      counts.set(name, (count = { living: 0, ended: 0 }));
    if (exit !== null) count.ended++;
    count.living += livingThreads.get(task.processKey) ?? 0;
    // Two rows of one process, as in a damaged recording, must not count its threads twice.
    livingThreads.delete(task.processKey);
  }
  return counts;
}
