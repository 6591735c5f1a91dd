/** The task under the cursor, for the keys that act on one. */
import {
  isEndedKey,
  isGroupKey,
  type OutputContext,
  type SeenTask,
  type TaskControl,
  type TaskDelta,
} from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";
import type { HitMap } from "./hit-map.ts";

export interface Subject {
  readonly row: TaskDelta;
  readonly seen: SeenTask;
  /** Whether the row is a process with all its threads. */
  readonly asProcess: boolean;
}

/** Null if the cursor is on no task. */
export function subjectOf(state: ScreenState, hits: HitMap): Subject | null {
  const row = hits.rows[hits.selectedIndex];
  if (row === undefined) return null;
  return {
    row,
    seen: { task: row.task, uptimeS: hits.uptimeS },
    // Below its process, a thread stands for itself.
    asProcess: state.view.processes && !hits.branches.has(row),
  };
}

/** What acts on tasks, or one sentence that says why nothing can act on this one. */
export function controlOf(
  ctx: OutputContext,
  subject: Subject | null,
): TaskControl | string {
  const tasks = ctx.controls?.tasks ?? null;
  if (tasks === null) return "this is a recording: its tasks cannot be changed";
  if (tasks.lock !== null) return `${tasks.lock}: nothing can be changed`;
  if (subject === null)
    return "no task is selected: up and down move the cursor";
  const { row } = subject;
  if (isGroupKey(row.task.key))
    return "this row stands for many tasks: y lists them";
  return row.exit !== null || isEndedKey(row.task.key)
    ? `${row.task.comm} has exited`
    : tasks;
}
