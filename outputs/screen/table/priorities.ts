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
  /** By the key of the process, and when the oldest was found, Unix ms. */
  readonly #answers = new Map<string, boolean>();
  #sinceMs = -Infinity;

  /** @param process a row of `sample.processes` */
  areMixed(process: TaskDelta, sample: Sample | null): boolean {
    if (sample === null || process.count < 2 || process.exit !== null)
      return false;
    const { processKey } = process.task;
    if (Math.abs(sample.timeMs - this.#sinceMs) >= REREAD_MS) {
      this.#answers.clear();
      this.#sinceMs = sample.timeMs;
    }
    let answer = this.#answers.get(processKey);
    if (answer === undefined) {
      answer = areMixed(threadsOf(processKey, sample));
      this.#answers.set(processKey, answer);
    }
    return answer;
  }
}

function threadsOf(key: string, { threads }: Sample): readonly TaskDelta[] {
  const found: TaskDelta[] = [];
  for (const row of threads) {
    if (row.exit !== null || row.task.processKey !== key) continue;
    found.push(row);
    if (found.length === MAX_THREADS) break;
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
