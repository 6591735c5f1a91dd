/** A host that does what it is asked to tasks, on paper. */
import type { SeenTask, TaskControl } from "../../src/model/controls.ts";
import type { IoPriority } from "../../src/model/sample.ts";
import type { TaskDetails } from "../../src/model/tasks/task-details.ts";

export class FakeTasks implements TaskControl, Disposable {
  lock: string | null = null;
  /** What it was asked for, but for `inspect`. */
  readonly calls: string[] = [];
  /** Processes or threads that were looked at, in turn. */
  readonly inspected: number[] = [];
  /** The answer to the next requests: why not. */
  refusal: string | null = null;
  details: TaskDetails | null = null;
  isDisposed = false;

  inspect({ task }: SeenTask, asProcess: boolean): TaskDetails | null {
    this.inspected.push(asProcess ? task.pid : task.tid);
    return this.details;
  }

  setIoPriority(
    { task }: SeenTask,
    asProcess: boolean,
    { class: name, level }: IoPriority,
  ): string | null {
    const whom = asProcess ? `process ${task.pid}` : `thread ${task.tid}`;
    this.calls.push(`${whom} ${name}/${level}`);
    return this.refusal;
  }

  signal({ task, uptimeS }: SeenTask, signal: number): string | null {
    this.calls.push(`signal ${signal} to ${task.pid} seen at ${uptimeS}`);
    return this.refusal;
  }

  setDelayAccounting(on: boolean): string | null {
    this.calls.push(`delay accounting ${on ? "on" : "off"}`);
    return this.refusal;
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
  }
}
