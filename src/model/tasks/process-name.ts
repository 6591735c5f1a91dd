/** The name of a process if its main thread is unknown. */
import { nameOfProgram } from "./command.ts";
import type { IoPriority, TaskInfo, Unknown } from "../sample.ts";

/**
 * Threads give themselves names ("Bun Pool 1"), and a process has the name of its main thread. If that has ended, or a
 * recording lists active threads alone, the command line is the best substitute: the thread's own name if it is the
 * program's or the script's, otherwise the program's.
 */
function processName({ comm, cmdline }: TaskInfo): string {
  const words = (cmdline ?? []).flatMap((argument) => argument.split(" "));
  const [program = "", script = ""] = words;
  // For a script, the kernel passes its path to the interpreter.
  const isScript = script.includes("/") && comm === nameOfProgram(script);
  return (isScript ? comm : nameOfProgram(program)) || comm;
}

/** A thread that stands for its process. Everything but the name is the thread's, and is looked up on first use. */
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
  get cgroupInherited(): boolean {
    return this.#thread.cgroupInherited;
  }
  get state(): string | Unknown {
    return this.#thread.state;
  }
}

const made = new WeakMap<TaskInfo, TaskInfo>();

/** The task that names a process. The same task always gives the same object. */
export function namingProcess(task: TaskInfo): TaskInfo {
  if (task.tid === task.pid) return task;
  let process = made.get(task);
  if (process === undefined)
    made.set(task, (process = new ProcessOfThread(task)));
  return process;
}
