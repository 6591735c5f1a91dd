/** Active threads below their processes. Pure. */
import {
  isActive,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import type { Recent } from "../graphs/recent.ts";
import { isLately } from "../graphs/standing.ts";

/** Whether a thread is the last one of its process that is shown, and how many more there are. */
export type Branch = "middle" | "last" | `last of ${number} more`;

export interface Tree {
  readonly rows: readonly TaskDelta[];
  /** The rows that are threads. */
  readonly branches: ReadonlyMap<TaskDelta, Branch>;
}

const LEAST_THREADS = 2;
const MOST_THREADS = 8;
/** A process takes about this part of the list at most: it does not push all others off the screen. */
const THREADS_SHARE = 0.25;

/** @param bodyRows how many rows of the list are shown */
export function threadsIn(bodyRows: number): number {
  const share = Math.floor(bodyRows * THREADS_SHARE);
  return Math.max(LEAST_THREADS, Math.min(share, MOST_THREADS));
}

/**
 * Puts the active threads of each process below it, if they are more than one.
 *
 * @param processes in their order
 * @param most how many threads of a process have rows
 * @param order sorts threads
 */
export function plantThreads(
  processes: readonly TaskDelta[],
  { sample, view, recent }: { sample: Sample; view: View; recent: Recent },
  most: number,
  order: (threads: readonly TaskDelta[]) => readonly TaskDelta[],
): Tree {
  const active = activeThreads(sample, view, recent);
  const branches = new Map<TaskDelta, Branch>();
  if (active.size === 0) return { rows: processes, branches };
  const rows: TaskDelta[] = [];
  for (const process of processes) {
    rows.push(process);
    const threads = active.get(process.task.processKey);
    if (threads === undefined || process.exit !== null) continue;
    const shown = order(threads).slice(0, most);
    const more = threads.length - shown.length;
    for (const thread of shown) branches.set(thread, "middle");
    branches.set(
      shown.at(-1)!,
      more === 0 ? "last" : (`last of ${more} more` as const),
    );
    rows.push(...shown);
  }
  return { rows, branches };
}

/** By process, those of processes with more than one. */
function activeThreads(
  { threads }: Sample,
  { accumulated }: View,
  recent: Recent,
): ReadonlyMap<string, readonly TaskDelta[]> {
  const byProcess = new Map<string, TaskDelta[]>();
  for (const row of threads) {
    if (row.exit !== null) continue;
    const { task } = row;
    const { processKey } = task;
    // The key of a thread is made on use: not for the many whose process rests too.
    const isBusy =
      isActive(row, accumulated) ||
      (isLately(recent.processes.get(processKey)) &&
        isLately(recent.threads.get(task.key)));
    if (!isBusy) continue;
    const found = byProcess.get(processKey);
    if (found === undefined) byProcess.set(processKey, [row]);
    else found.push(row);
  }
  for (const [key, found] of byProcess)
    if (found.length < 2) byProcess.delete(key);
  return byProcess;
}
