/**
 * What groups of processes did over a run. Memory follows the names and the processes alive, not the processes that
 * came and went.
 */
import {
  addCounters,
  addInto,
  foldThreads,
  groupName,
  heaviestFirst,
  isActive,
  isWatched,
  netBytes,
  unknownDelta,
  type GroupKind,
  type IoDelta,
  type MutableIoDelta,
  type Sample,
  type TaskDelta,
  type TaskInfo,
  type Unknown,
  type View,
  type Weight,
} from "../../src/model/index.ts";

/** One group, or several together. */
export interface GroupTotal {
  readonly name: string;
  readonly io: IoDelta;
  /** Bytes read, and written less cancelled: what groups are ordered by, and what their share is of. */
  readonly netBytes: number | Unknown;
  /** Processes that did I/O or waited for it; one that changed its name counts under each name. */
  readonly processes: number;
  /** Of these, those whose end was seen. */
  readonly ended: number;
}

interface Group {
  readonly name: string;
  readonly io: MutableIoDelta;
  processes: number;
  ended: number;
}

interface Process {
  /** The group that it was counted in last. */
  name: string;
  /** The sample in which it was counted last. */
  seq: number;
}

/** Programs can call themselves what they like: beyond this many names the smaller half is kept as one. */
const MAX_GROUPS = 20_000;
/** Of a process whose user or cgroup nobody could read. */
export const NAMELESS = "?";

export class GroupTotals {
  readonly #kind: GroupKind;
  readonly #maxGroups: number;
  readonly #groups = new Map<string, Group>();
  /** By key. */
  readonly #processes = new Map<string, Process>();
  /** Of the newest that had a process id. */
  readonly #keyOfPid = new Map<number, string>();
  /** Who had the id of a process that was new in a sample. */
  #predecessors: string[] = [];
  /** What is no longer told apart. */
  #small: GroupTotal = sumTotals([]);
  #smallNames = 0;
  #processCount = 0;
  #endedCount = 0;

  constructor(kind: GroupKind, maxGroups = MAX_GROUPS) {
    this.#kind = kind;
    this.#maxGroups = maxGroups;
  }

  /** Each once, under however many names. */
  get processes(): number {
    return this.#processCount;
  }
  get ended(): number {
    return this.#endedCount;
  }

  /** Asks nothing of idle processes: what a recording lists, a live sample counts, and not more. */
  add(sample: Sample, view: View): void {
    for (const row of watchedProcesses(sample, view)) {
      if (isActive(row)) this.#count(row, sample.seq);
      // The main thread's end: a recording may know of no more than one thread of a process that goes on.
      if (row.exit !== null && isMain(row.task)) this.#end(row);
    }
    this.#forgetPredecessors(sample.seq);
    if (this.#groups.size > this.#maxGroups) this.#prune();
  }

  /** The biggest, and all the others as one, if there are any. */
  rank(limit: number): {
    readonly top: readonly GroupTotal[];
    readonly others: {
      readonly names: number;
      readonly sum: GroupTotal;
    } | null;
  } {
    const ranked = this.#rank();
    const others = ranked.slice(limit);
    const names = others.length + this.#smallNames;
    if (names === 0) return { top: ranked, others: null };
    return {
      top: ranked.slice(0, limit),
      others: { names, sum: sumTotals([...others, this.#small]) },
    };
  }

  #count(row: TaskDelta, seq: number): void {
    const { task } = row;
    const known = this.#processes.get(task.processKey);
    // A recording lists active threads alone: the main one, seen before, names those seen without it.
    const name =
      isMain(task) || known === undefined
        ? (groupName(task, this.#kind) ?? NAMELESS)
        : known.name;
    const group = this.#groupOf(name);
    if (known === undefined) {
      const predecessor = this.#keyOfPid.get(task.pid);
      if (predecessor !== undefined) this.#predecessors.push(predecessor);
      this.#keyOfPid.set(task.pid, task.processKey);
      this.#processes.set(task.processKey, { name, seq });
      this.#processCount++;
      group.processes++;
    } else {
      if (known.name !== name) group.processes++;
      known.name = name;
      known.seq = seq;
    }
    addInto(group.io, row);
  }

  #end(row: TaskDelta): void {
    const { pid, processKey } = row.task;
    const known = this.#processes.get(processKey);
    if (known === undefined) return;
    this.#processes.delete(processKey);
    if (this.#keyOfPid.get(pid) === processKey) this.#keyOfPid.delete(pid);
    this.#endedCount++;
    this.#groupOf(known.name).ended++;
  }

  /** They have ended, though a recording may not have listed it. */
  #forgetPredecessors(seq: number): void {
    for (const key of this.#predecessors)
      if (this.#processes.get(key)?.seq !== seq) this.#processes.delete(key);
    this.#predecessors = [];
  }

  #groupOf(name: string): Group {
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = newGroup(name)));
    return group;
  }

  #rank(): readonly GroupTotal[] {
    return [...this.#groups.values()]
      .map(toTotal)
      .sort((a, b) => heaviestFirst(weigh(a), weigh(b)));
  }

  #prune(): void {
    const small = this.#rank().slice(this.#maxGroups / 2);
    for (const { name } of small) this.#groups.delete(name);
    this.#small = sumTotals([this.#small, ...small]);
    this.#smallNames += small.length;
  }
}

/** Their net bytes add up too, although writes less cancelled writes are never below 0 in one of them. */
export function sumTotals(totals: readonly GroupTotal[]): GroupTotal {
  const io = unknownDelta();
  let moved: number | Unknown = null;
  let processes = 0;
  let ended = 0;
  for (const total of totals) {
    addInto(io, total.io);
    moved = addCounters(moved, total.netBytes);
    processes += total.processes;
    ended += total.ended;
  }
  return { name: "", io, netBytes: moved, processes, ended };
}

/** With -p and -u from the threads that they let through: an id may be that of one thread. */
function watchedProcesses(sample: Sample, view: View): readonly TaskDelta[] {
  if (view.pids.length === 0 && view.uids.length === 0) return sample.processes;
  const threads = sample.threads.filter((row) => isWatched(row, view));
  return foldThreads(threads, sample.endedThreads);
}

function isMain({ tid, pid }: TaskInfo): boolean {
  return tid === pid;
}

function newGroup(name: string): Group {
  return { name, io: unknownDelta(), processes: 0, ended: 0 };
}

function toTotal(group: Group): GroupTotal {
  return { ...group, netBytes: netBytes(group.io) };
}

function weigh({ name, netBytes: bytes, io }: GroupTotal): Weight {
  return { name, bytes: bytes ?? 0, waitedNs: io.ioWaitNs ?? 0 };
}
