/** Active threads below their processes. Pure. */
import {
  isActive,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import { isLately, type Recent } from "../graphs/recent.ts";

/** Whether a thread is the last one of its process. */
export type Branch = "middle" | "last";

export interface Tree {
  readonly rows: readonly TaskDelta[];
  /** The rows that are threads. */
  readonly branches: ReadonlyMap<TaskDelta, Branch>;
}

/** A process does not push all others off the screen. */
const MAX_THREADS = 8;

/**
 * Puts the active threads of each process below it, if they are more than one.
 *
 * @param processes in their order
 * @param order sorts threads
 */
export function plantThreads(
  processes: readonly TaskDelta[],
  { sample, view, recent }: { sample: Sample; view: View; recent: Recent },
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
    const shown = order(threads).slice(0, MAX_THREADS);
    shown.forEach((thread, i) => {
      rows.push(thread);
      branches.set(thread, i === shown.length - 1 ? "last" : "middle");
    });
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
    const { key, processKey } = row.task;
    if (!isLately(recent.threads.get(key)) && !isActive(row, accumulated))
      continue;
    const found = byProcess.get(processKey);
    if (found === undefined) byProcess.set(processKey, [row]);
    else found.push(row);
  }
  for (const [key, found] of byProcess)
    if (found.length < 2) byProcess.delete(key);
  return byProcess;
}
