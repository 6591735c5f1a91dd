/** `--filter` and its key: which tasks a regular expression selects. */
import { commandOf, nameOfProgram } from "../tasks/command.ts";
import { parsePosixRegex, type PosixRegex } from "../regex/posix-regex.ts";
import type { TaskInfo } from "../sample.ts";

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
  /**
   * Whether long command lines took so much time that no more are compared: only ids and names. Some expressions take
   * microseconds a character, and other users decide how long command lines are.
   */
  readonly isSlow: boolean;
}

/**
 * The filter of a POSIX extended regular expression, case-sensitive; or what is wrong with it, such as "unclosed (".
 */
export function parseFilter(
  text: string,
  budgetMs = BUDGET_MS,
): TaskFilter | string {
  const regex = parsePosixRegex(text);
  return typeof regex === "string"
    ? regex
    : new RegexFilter(text, regex, budgetMs);
}

/** For all long command lines together. */
const BUDGET_MS = 1000;
const LONG_COMMAND = 1024;

/** Longer command lines are compared as far as this: they take megabytes if their owner likes. */
const LONGEST_COMMAND = 32_768;

interface Verdict {
  readonly comm: string;
  readonly matches: boolean;
}

class RegexFilter implements TaskFilter {
  readonly text: string;
  readonly #regex: PosixRegex;
  #budgetMs: number;
  readonly #verdicts = new WeakMap<TaskInfo, Verdict>();

  constructor(text: string, regex: PosixRegex, budgetMs: number) {
    this.text = text;
    this.#regex = regex;
    this.#budgetMs = budgetMs;
  }

  get isSlow(): boolean {
    return this.#budgetMs < 0;
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

  #test(text: string): boolean {
    if (text.length < LONG_COMMAND) return this.#regex.test(text);
    if (this.isSlow) return false;
    const beganMs = performance.now();
    const matches = this.#regex.test(text.slice(0, LONGEST_COMMAND));
    this.#budgetMs -= performance.now() - beganMs;
    return matches;
  }

  matchesName({ tid, comm }: TaskInfo): boolean {
    return this.#regex.test(comm) || this.#regex.test(String(tid));
  }

  #compare(task: TaskInfo): boolean {
    const { tid, pid, comm } = task;
    const test = (text: string): boolean => this.#test(text);
    if (test(String(tid)) || (pid !== tid && test(String(pid)))) return true;
    if (test(comm) || test(commandOf(task))) return true;
    const { cmdline } = task;
    if (cmdline === null || cmdline.length === 0) return false;
    return test(cmdline.join(" ")) || test(nameOfProgram(cmdline[0]!));
  }
}
