/** Whether the threads of a process have different I/O priorities. */
import {
  type IoPriority,
  type Sample,
  type TaskDelta,
} from "../../../src/model/index.ts";

/** Each costs a system call, for each row that is drawn. */
const MAX_THREADS = 64;

/** How long an answer is used again. */
const REREAD_MS = 2000;

export class ThreadPriorities {
  /** By the key of the process: its threads, as of this time, Unix ms, and what was found out since. */
  #threads: ReadonlyMap<string, readonly TaskDelta[]> = new Map();
  #sinceMs = -Infinity;
  readonly #answers = new Map<string, boolean>();

  /** @param process a row of `sample.processes` */
  areMixed(process: TaskDelta, sample: Sample | null): boolean {
    if (sample === null || process.count < 2 || process.exit !== null)
      return false;
    const { processKey } = process.task;
    if (Math.abs(sample.timeMs - this.#sinceMs) >= REREAD_MS) {
      this.#answers.clear();
      this.#threads = threadsByProcess(sample);
      this.#sinceMs = sample.timeMs;
    }
    let answer = this.#answers.get(processKey);
    if (answer === undefined) {
      answer = areMixed(this.#threads.get(processKey) ?? []);
      this.#answers.set(processKey, answer);
    }
    return answer;
  }
}

/** Of processes with several. All are gone through once, not for each row. */
function threadsByProcess({
  threads,
  processes,
}: Sample): ReadonlyMap<string, readonly TaskDelta[]> {
  const found = new Map<string, TaskDelta[]>();
  for (const { count, task } of processes)
    if (count > 1) found.set(task.processKey, []);
  for (const row of threads) {
    if (row.exit !== null) continue;
    const ofProcess = found.get(row.task.processKey);
    if (ofProcess !== undefined && ofProcess.length < MAX_THREADS)
      ofProcess.push(row);
  }
  return found;
}

function areMixed(threads: readonly TaskDelta[]): boolean {
  const [first, ...others] = threads
    .map(({ task }) => task.ioPriority)
    .filter((priority) => priority !== null);
  return first !== undefined && others.some((other) => !isSame(first, other));
}

function isSame(a: IoPriority, b: IoPriority): boolean {
  return a.class === b.class && a.level === b.level;
}
