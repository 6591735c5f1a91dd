/** What a process is called of which only other threads than the main one are known. */
import { nameOfProgram } from "./command.ts";
import type { IoPriority, TaskInfo, Unknown } from "./sample.ts";

/**
 * Threads give themselves names ("Bun Pool 1"), and the process has the main one's. Where that has ended, or a recording
 * lists active threads alone, the command line is what comes nearest: the thread's own name if it is the program's or
 * the script's, else the program's.
 */
function processName({ comm, cmdline }: TaskInfo): string {
  const words = (cmdline ?? []).flatMap((argument) => argument.split(" "));
  const [program = "", script = ""] = words;
  // The kernel gives an interpreter the path of the script.
  const isScript = script.includes("/") && comm === nameOfProgram(script);
  return (isScript ? comm : nameOfProgram(program)) || comm;
}

/** A thread in the place of its process. All but the name is the thread's, looked up when somebody asks for it. */
class ProcessOfThread implements TaskInfo {
  readonly #thread: TaskInfo;

  constructor(thread: TaskInfo) {
    this.#thread = thread;
  }

  get comm(): string {
    return processName(this.#thread);
  }
  get key(): string {
    return this.#thread.key;
  }
  get tid(): number {
    return this.#thread.tid;
  }
  get pid(): number {
    return this.#thread.pid;
  }
  get processKey(): string {
    return this.#thread.processKey;
  }
  get ppid(): number {
    return this.#thread.ppid;
  }
  get startMs(): number {
    return this.#thread.startMs;
  }
  get uid(): number {
    return this.#thread.uid;
  }
  get isKernelThread(): boolean {
    return this.#thread.isKernelThread;
  }
  get user(): string {
    return this.#thread.user;
  }
  get cmdline(): readonly string[] | Unknown {
    return this.#thread.cmdline;
  }
  get longName(): string | Unknown {
    return this.#thread.longName;
  }
  get ioPriority(): IoPriority | Unknown {
    return this.#thread.ioPriority;
  }
  get cgroup(): string | Unknown {
    return this.#thread.cgroup;
  }
}

const made = new WeakMap<TaskInfo, TaskInfo>();

/** The task that names a process, and is the same one as long as the given one is. */
export function namingProcess(task: TaskInfo): TaskInfo {
  if (task.tid === task.pid) return task;
  let process = made.get(task);
  if (process === undefined)
    made.set(task, (process = new ProcessOfThread(task)));
  return process;
}
