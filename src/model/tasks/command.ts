/** The COMMAND of a task, from the kernel's information about it. */
import type { TaskInfo } from "../sample.ts";

/** TASK_COMM_LEN less its final NUL. */
const MAX_COMM_BYTES = 15;

/**
 * The arguments without the program's directory, "[name]" for a kernel thread, or the kernel's name of the task if
 * there is no command line. A thread with a name of its own adds it: "mysqld --user=mysql [ib_io_rd-1]". The text may
 * hold unprintable characters.
 */
export function commandOf(task: TaskInfo): string {
  const { cmdline, comm } = task;
  if (task.isKernelThread) return `[${task.longName ?? comm}]`;
  if (cmdline === null || cmdline.length === 0) return comm;
  const program = programOf(cmdline[0]!);
  const command = [program, ...cmdline.slice(1)].join(" ").trim();
  if (command === "") return comm;
  return task.tid === task.pid || comm === nameOfProgram(program)
    ? command
    : `${command} [${comm}]`;
}

/** The name of a task without arguments, in brackets for a kernel thread. */
export function nameOf({ comm, isKernelThread }: TaskInfo): string {
  return isKernelThread ? `[${comm}]` : comm;
}

/**
 * Only a path is shortened ("-bash" and "sshd: root@pts/0" are not), and only its first word: programs write their
 * whole title into the first argument.
 */
function programOf(argument: string): string {
  if (!argument.startsWith("/")) return argument;
  const end = argument.indexOf(" ");
  const path = end < 0 ? argument : argument.slice(0, end);
  return argument.slice(path.lastIndexOf("/") + 1);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The kernel's name for a program: the first 15 bytes of its file's name. "nginx:" is a title, "-bash" a login shell.
 */
export function nameOfProgram(argument: string): string {
  const [word = ""] = argument.split(" ", 1);
  const name = word.slice(word.lastIndexOf("/") + 1).replace(/^-|:$/g, "");
  return decoder.decode(encoder.encode(name).subarray(0, MAX_COMM_BYTES));
}
