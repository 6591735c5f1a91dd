/** `--filter` and its key: which tasks a regular expression selects. */
import { commandOf, nameOfProgram } from "./command.ts";
import { parsePosixRegex, type PosixRegex } from "./posix-regex.ts";
import type { TaskInfo } from "./sample.ts";

/** A regular expression that selects tasks. */
export interface TaskFilter {
  /** As typed. */
  readonly text: string;
  /**
   * Whether it matches a task: its id, the id of its process, its name, its command line as COMMAND shows it or as it
   * was given, or the name of its program. The command line is read only if nothing else matches, and a task is
   * compared anew only if it has another name than before.
   */
  matches(task: TaskInfo): boolean;
  /** Whether its id, or its name, matches: nothing is read for that. */
  matchesName(task: TaskInfo): boolean;
}

/**
 * The filter of a POSIX extended regular expression, case-sensitive; or what is wrong with it, such as "unclosed (".
 */
export function parseFilter(text: string): TaskFilter | string {
  const regex = parsePosixRegex(text);
  return typeof regex === "string" ? regex : new RegexFilter(text, regex);
}

/** Longer command lines are compared as far as this: they take megabytes if their owner likes. */
const LONGEST_COMMAND = 65_536;

interface Verdict {
  readonly comm: string;
  readonly matches: boolean;
}

class RegexFilter implements TaskFilter {
  readonly text: string;
  readonly #regex: PosixRegex;
  readonly #verdicts = new WeakMap<TaskInfo, Verdict>();

  constructor(text: string, regex: PosixRegex) {
    this.text = text;
    this.#regex = regex;
  }

  matches(task: TaskInfo): boolean {
    const { comm } = task;
    const before = this.#verdicts.get(task);
    if (before?.comm === comm) return before.matches;
    const matches = this.#compare(task);
    // What a kernel thread works for changes without a word.
    if (!task.isKernelThread) this.#verdicts.set(task, { comm, matches });
    return matches;
  }

  matchesName({ tid, comm }: TaskInfo): boolean {
    return this.#regex.test(comm) || this.#regex.test(String(tid));
  }

  #compare(task: TaskInfo): boolean {
    const { tid, pid, comm } = task;
    const test = (text: string): boolean =>
      this.#regex.test(text.slice(0, LONGEST_COMMAND));
    if (test(String(tid)) || (pid !== tid && test(String(pid)))) return true;
    if (test(comm) || test(commandOf(task))) return true;
    const { cmdline } = task;
    if (cmdline === null || cmdline.length === 0) return false;
    return test(cmdline.join(" ")) || test(nameOfProgram(cmdline[0]!));
  }
}
