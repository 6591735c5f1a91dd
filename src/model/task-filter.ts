/** `--filter` and its key: which tasks a regular expression selects. */
import { commandOf, nameOfProgram } from "./command.ts";
import { parsePosixRegex, type PosixRegex } from "./posix-regex.ts";
import type { TaskInfo } from "./sample.ts";

/** A regular expression that selects tasks. */
export interface TaskFilter {
  /** As typed. */
  readonly text: string;
  readonly regex: PosixRegex;
}

/**
 * The filter of a POSIX extended regular expression, case-sensitive; or what is wrong with it, such as "unclosed (".
 */
export function parseFilter(text: string): TaskFilter | string {
  const regex = parsePosixRegex(text);
  return typeof regex === "string" ? regex : Object.freeze({ text, regex });
}

/**
 * Whether a filter matches a task: its id, the id of its process, its name, its command line as COMMAND shows it or as
 * it was given, or the name of its program. The command line is read only if nothing else matches.
 */
export function matchesFilter({ regex }: TaskFilter, task: TaskInfo): boolean {
  const { tid, pid, comm } = task;
  if (regex.test(String(tid)) || (pid !== tid && regex.test(String(pid))))
    return true;
  if (regex.test(comm) || regex.test(commandOf(task))) return true;
  const { cmdline } = task;
  if (cmdline === null || cmdline.length === 0) return false;
  return (
    regex.test(cmdline.join(" ")) || regex.test(nameOfProgram(cmdline[0]!))
  );
}
