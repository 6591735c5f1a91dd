/** Crowds of tasks to measure among. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diskFolder, startWorkload } from "../support/workload.ts";

export interface Herd {
  readonly name: string;
  readonly about: string;
  /** Tasks that it adds to the machine. */
  readonly tasks: number;
  /** Arguments of the workload program. */
  command(folder: string): readonly (string | number)[];
}

const THREADS_A_PROCESS = 50;

/** Threads asleep, about as many as asked for. */
export function sleepers(threads: number): Herd {
  const processes = Math.max(1, Math.round(threads / THREADS_A_PROCESS));
  return {
    name: "sleepers",
    about: `${processes} processes of ${THREADS_A_PROCESS} threads asleep`,
    tasks: processes * THREADS_A_PROCESS,
    command: () => ["sleepers", processes, THREADS_A_PROCESS],
  };
}

export const HERDS: readonly Herd[] = [
  { ...sleepers(10_000), name: "threads" },
  {
    name: "giant",
    about: "one process of 10,000 threads asleep",
    tasks: 10_000,
    command: () => ["sleepers", 1, 10_000],
  },
  {
    name: "processes",
    about: "5,000 processes of one thread asleep",
    tasks: 5000,
    command: () => ["sleepers", 5000, 1],
  },
  {
    name: "writers",
    about: "500 processes that each write a page a second",
    tasks: 500,
    command: (folder) => ["writers", 500, join(folder, "pages"), 1000],
  },
];

/** Starts the crowd, with room for it in the kernel's limits; resolves when all of it is there. */
export async function startHerd(herd: Herd): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for (const name of ["pid_max", "threads-max"])
    stack.use(raiseLimit(`/proc/sys/kernel/${name}`, herd.tasks + 8192));
  const disk = stack.use(diskFolder());
  const work = stack.use(startWorkload(...herd.command(disk.path)));
  await work.ready;
  return stack.move();
}

/** Makes a limit at least `needed` more than the tasks that are there; puts it back when disposed. */
function raiseLimit(path: string, needed: number): Disposable {
  const before = readFileSync(path, "utf8");
  const least = needed + countTasks();
  if (Number(before) < least) writeFileSync(path, String(least));
  return {
    [Symbol.dispose]() {
      if (Number(before) < least) writeFileSync(path, before);
    },
  };
}

function countTasks(): number {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => {
      try {
        return sum + readdirSync(`/proc/${pid}/task`).length;
      } catch {
        return sum;
      }
    }, 0);
}
