/** Whether the threads of a process have different I/O priorities. */
import {
  type IoPriority,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";

/** Each costs a system call, for each row that is drawn. */
const MAX_THREADS = 64;

export class ThreadPriorities {
  /** Threads by process, of processes with several, in the sample that was asked for last. */
  #sample: Sample | null = null;
  #threads: ReadonlyMap<string, readonly TaskDelta[]> = new Map();

  /** @param process a row of `sample.processes` */
  areMixed(process: TaskDelta, sample: Sample | null): boolean {
    if (sample === null || process.count < 2 || process.exit !== null)
      return false;
    if (this.#sample !== sample) {
      this.#sample = sample;
      this.#threads = byProcess(sample);
    }
    const threads = this.#threads.get(process.task.processKey) ?? [];
    const [first, ...others] = threads
      .slice(0, MAX_THREADS)
      .map(({ task }) => task.ioPriority)
      .filter((priority) => priority !== null);
    return first !== undefined && others.some((other) => !isSame(first, other));
  }
}

function byProcess({ threads }: Sample): ReadonlyMap<string, TaskDelta[]> {
  const all = new Map<string, TaskDelta[]>();
  for (const row of threads) {
    if (row.exit !== null) continue;
    const found = all.get(row.task.processKey);
    if (found === undefined) all.set(row.task.processKey, [row]);
    else found.push(row);
  }
  return all;
}

function isSame(a: IoPriority, b: IoPriority): boolean {
  return a.class === b.class && a.level === b.level;
}
