/**
 * What the owner of the terminal may do besides drawing: change the pace, act on tasks, save its settings. The host
 * provides it; nothing of it is in a sample.
 */
import type { IoPriority, TaskInfo } from "./sample.ts";
import type { TaskDetails } from "./tasks/task-details.ts";
import type { Span } from "./text/time-text.ts";

export interface Controls {
  /** Null with a recording. */
  readonly pace: PaceControl | null;
  /** Null where samples are live. */
  readonly replay: ReplayControl | null;
  /** Null with a recording. */
  readonly tasks: TaskControl | null;
  /** Null where there is no home to save in. */
  readonly settings: SettingsControl | null;
  /** Null with a recording. */
  readonly files: FileControl | null;
  /** Null or absent with a recording. */
  readonly cgroups?: CgroupControl | null;
}

export interface PaceControl {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  setIntervalMs(intervalMs: number): void;
  /** Ends the interval now. */
  sampleNow(): void;
}

/** How a recording is played. What goes elsewhere in it holds it there. */
export interface ReplayControl {
  /** How many times faster than recorded; null: as fast as it can be shown. */
  readonly speed: number | null;
  setSpeed(speed: number): void;
  /** Lets no more samples come, or goes on. */
  hold(isHeld: boolean): void;
  /**
   * Lets the next sample come, and holds.
   *
   * @returns null, or one sentence that says why none will come
   */
  step(): string | null;
  /**
   * Goes to the sample of a time, after those that came shortly before it.
   *
   * @param text as `--from` takes it
   * @returns null, or one sentence that says why not
   */
  goTo(text: string): string | null;
  /**
   * Goes to the sample in which tasks read and wrote most a second. It is looked for first.
   *
   * @returns null, or one sentence that says why not
   */
  goToBusiest(): string | null;
  /** Begin and end of what is played, Unix ms; null until they are known. */
  readonly span: Span | null;
  /** How often it went elsewhere: the samples that come then do not follow those before. */
  readonly jumps: number;
}

/**
 * A task, and when it surely had its id: `uptimeS` of a sample in which it lived. If the id has been used again since,
 * whoever has it began later than that.
 */
export interface SeenTask {
  readonly task: TaskInfo;
  readonly uptimeS: number;
}

/** Reads and acts on living tasks. Nothing reaches a task that has been given the id of another one since. */
export interface TaskControl {
  /** Why nothing may be changed, such as "read-only"; null if it may. Reading is always allowed. */
  readonly lock: string | null;
  /**
   * What /proc says now; null if that life has ended.
   *
   * @param asProcess all threads of the process together, or the thread alone
   * @param firstTids threads of the process that are read first, if there are too many for all
   */
  inspect(
    seen: SeenTask,
    asProcess: boolean,
    firstTids?: readonly number[],
  ): TaskDetails | null;
  /**
   * Sets the I/O priority of one thread, or of all threads that the process has now.
   *
   * @returns null if it is done, else one sentence that says why not
   */
  setIoPriority(
    seen: SeenTask,
    asProcess: boolean,
    priority: IoPriority,
  ): string | null;
  /**
   * Sends a signal to the process.
   *
   * @returns null if it is sent, else one sentence that says why not
   */
  signal(seen: SeenTask, signal: number): string | null;
  /**
   * Sets kernel.task_delayacct, which counts tasks that start from then on. The host puts it back at the end of the
   * run.
   *
   * @returns null if it is done, else one sentence that says why not
   */
  setDelayAccounting(on: boolean): string | null;
}

/** Counts by file, which costs other programs a little, only while somebody looks. */
export interface FileControl {
  /**
   * Asks for `files` in the next samples. They stop ten seconds after this was called last.
   *
   * @returns what cannot be seen of them and why, as far as it is known by now; null if nothing is
   */
  want(): string | null;
}

/** Reads what the kernel counts for cgroups, only while somebody looks. */
export interface CgroupControl {
  /**
   * Asks for `cgroups` in the next samples. They stop ten seconds after this was called last.
   *
   * @returns why it is unknown for some of them, in one line; null if it is not
   */
  want(): string | null;
}

export interface SettingsControl {
  /** Where they are saved. */
  readonly path: string;
  /** @returns null if they are saved, else one sentence that says why not */
  save(lines: readonly string[]): string | null;
}
