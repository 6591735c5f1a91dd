/**
 * Follows the processes of a run: which did something, in which group, from when until when. Memory depends on the
 * number of living processes, not on how many came and went.
 */
import {
  DEFAULT_VIEW,
  foldThreads,
  groupName,
  isActive,
  isWatched,
  selectsAll,
  watchedRows,
  type GroupKind,
  type IoDelta,
  type Sample,
  type TaskDelta,
  type TaskInfo,
  type View,
} from "../../src/model/index.ts";
import { bootKeyOf } from "./watched.ts";

/** Stands for a user or cgroup that could not be read. */
export const NAMELESS = "?";

/** Gets what happens in a sample. */
export interface GroupEvents {
  /** A process did something. @param isNew it has not counted in this group before */
  did(group: string, io: IoDelta, isNew: boolean): void;
  /**
   * A process counts in this group no more: it ended, or goes on under another name.
   *
   * @param lastMs when it last did something: the middle of a sample, Unix ms
   */
  left(group: string, lastMs: number, hasEnded: boolean): void;
}

/** A process that did something. */
interface Process {
  /** The group that it was last counted in. */
  group: string;
  /** The sample in which it was last counted, by number. */
  at: number;
  lastMs: number;
}

/** The processes of one boot of one machine. */
interface Processes {
  /** By key. */
  readonly byKey: Map<string, Process>;
  /** For each process id, the newest process that had it. */
  readonly keyOfPid: Map<number, string>;
}

export class ProcessGroups {
  readonly #kind: GroupKind;
  /** By boot. */
  readonly #boots = new Map<string, Processes>();
  /** Of the boot that the newest sample is of. */
  #processes: Processes = newProcesses();
  /** Processes whose id a new process of this sample has taken. */
  #predecessors: string[] = [];
  #processCount = 0;
  #endedCount = 0;
  /** Number and middle of the newest sample. */
  #at = 0;
  #nowMs = 0;

  constructor(kind: GroupKind) {
    this.#kind = kind;
  }

  /** Each process once, however many names it had. */
  get processes(): number {
    return this.#processCount;
  }
  get ended(): number {
    return this.#endedCount;
  }

  /** The processes of which no end is known. */
  *current(): Iterable<Readonly<Pick<Process, "group" | "lastMs">>> {
    for (const { byKey } of this.#boots.values()) yield* byKey.values();
  }

  /**
   * Reads nothing of idle processes. So a live sample counts the same processes as its recording, which does not list
   * them.
   */
  follow(seen: Sample, view: View, events: GroupEvents): void {
    this.#at++;
    this.#nowMs = seen.timeMs - seen.intervalNs / 2e6;
    const sample = this.#enter(seen);
    for (const row of watchedProcesses(sample, view)) {
      if (isActive(row)) this.#count(row, events);
      // Only the main thread's end counts: a recording may list just one thread of a process that goes on.
      if (row.exit !== null && isMain(row.task)) this.#end(row, events);
    }
    this.#forgetPredecessors(events);
  }

  /**
   * The processes of another boot are others, whatever their keys are.
   *
   * @returns the sample without the ends of tasks of the boot before, which a replay adds to the first one of the next
   */
  #enter(sample: Sample): Sample {
    const boot = bootKeyOf(sample.origin);
    const known = this.#boots.get(boot);
    this.#processes = known ?? newProcesses();
    // Machines that are watched at once take turns.
    if (known !== undefined) return sample;
    const isFirst = this.#boots.size === 0;
    this.#boots.set(boot, this.#processes);
    return isFirst ? sample : (sample.recorded ?? sample);
  }

  #count(row: TaskDelta, events: GroupEvents): void {
    const { task } = row;
    const { byKey, keyOfPid } = this.#processes;
    const known = byKey.get(task.processKey);
    // A recording lists active threads alone. If the main thread was seen before, its name holds in samples without it.
    const group =
      isMain(task) || known === undefined
        ? (groupName(task, this.#kind) ?? NAMELESS)
        : known.group;
    const now = { group, at: this.#at, lastMs: this.#nowMs };
    if (known === undefined) {
      const predecessor = keyOfPid.get(task.pid);
      if (predecessor !== undefined) this.#predecessors.push(predecessor);
      keyOfPid.set(task.pid, task.processKey);
      byKey.set(task.processKey, now);
      this.#processCount++;
    } else {
      if (known.group !== group) events.left(known.group, known.lastMs, false);
    }
    events.did(group, row, known?.group !== group);
    if (known !== undefined) Object.assign(known, now);
  }

  #end(row: TaskDelta, events: GroupEvents): void {
    const { pid, processKey } = row.task;
    const { byKey, keyOfPid } = this.#processes;
    const known = byKey.get(processKey);
    if (known === undefined) return;
    byKey.delete(processKey);
    if (keyOfPid.get(pid) === processKey) keyOfPid.delete(pid);
    this.#endedCount++;
    events.left(known.group, known.lastMs, true);
  }

  /** These have ended, although a recording may not have listed it. */
  #forgetPredecessors(events: GroupEvents): void {
    const { byKey } = this.#processes;
    for (const key of this.#predecessors) {
      const known = byKey.get(key);
      if (known === undefined || known.at === this.#at) continue;
      byKey.delete(key);
      events.left(known.group, known.lastMs, false);
    }
    this.#predecessors = [];
  }
}

/**
 * The processes that -p, -u and a filter select. Those of -p and -u are folded from the selected threads: an id may be
 * that of one thread.
 */
export function watchedProcesses(
  sample: Sample,
  view: View,
): readonly TaskDelta[] {
  if (selectsAll(view)) return sample.processes;
  const { pids, uids } = view;
  const byId = { ...DEFAULT_VIEW, pids, uids };
  const threads = sample.threads.filter((row) => isWatched(row, byId));
  const processes = selectsAll(byId)
    ? sample.processes
    : foldThreads(threads, sample.endedThreads);
  const rest = { ...view, pids: [], uids: [], processes: true };
  return watchedRows({ threads, processes }, rest);
}

function isMain({ tid, pid }: TaskInfo): boolean {
  return tid === pid;
}

const newProcesses = (): Processes => ({
  byKey: new Map(),
  keyOfPid: new Map(),
});
