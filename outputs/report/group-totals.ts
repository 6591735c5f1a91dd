/**
 * The I/O of groups of processes over a run. Memory depends on the number of names and of living processes, not on how
 * many processes came and went.
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
  type Origin,
  type Sample,
  type TaskDelta,
  type TaskInfo,
  type Unknown,
  type View,
  type Weight,
} from "../../src/model/index.ts";

/** One group, or the sum of several. */
export interface GroupTotal {
  readonly name: string;
  readonly io: IoDelta;
  /**
   * Bytes read, plus bytes written minus cancelled ones: groups are ordered by it, and their shares are shares of it.
   */
  readonly netBytes: number | Unknown;
  /** Processes that did I/O or waited for it. A process that changed its name counts under each name. */
  readonly processes: number;
  /** Those of them whose end was seen. */
  readonly ended: number;
}

interface Group {
  readonly name: string;
  readonly io: MutableIoDelta;
  processes: number;
  ended: number;
}

interface Process {
  /** The group that it was last counted in. */
  name: string;
  /** The sample in which it was last counted. */
  seq: number;
}

/** Programs can give themselves any name. Beyond this many names, the smaller half is kept as one. */
const MAX_GROUPS = 20_000;
/** Stands for a user or cgroup that could not be read. */
export const NAMELESS = "?";

export class GroupTotals {
  readonly #kind: GroupKind;
  readonly #maxGroups: number;
  readonly #groups = new Map<string, Group>();
  /** By machine and key. */
  readonly #processes = new Map<string, Process>();
  /** For each process id of a machine, the newest process that had it. */
  readonly #keyOfPid = new Map<string, string>();
  /** Processes whose id a new process of this sample has taken. */
  #predecessors: string[] = [];
  /** The sum of the groups that are no longer kept separately. */
  #small: GroupTotal = sumTotals([]);
  #smallNames = 0;
  #processCount = 0;
  #endedCount = 0;

  constructor(kind: GroupKind, maxGroups = MAX_GROUPS) {
    this.#kind = kind;
    this.#maxGroups = maxGroups;
  }

  /** Each process once, however many names it had. */
  get processes(): number {
    return this.#processCount;
  }
  get ended(): number {
    return this.#endedCount;
  }

  /**
   * Reads nothing of idle processes. So a live sample counts the same processes as its recording, which does not list
   * them.
   */
  add(sample: Sample, view: View): void {
    const boot = bootOf(sample.origin);
    for (const row of watchedProcesses(sample, view)) {
      if (isActive(row)) this.#count(row, boot, sample.seq);
      // Only the main thread's end counts: a recording may list just one thread of a process that goes on.
      if (row.exit !== null && isMain(row.task)) this.#end(row, boot);
    }
    this.#forgetPredecessors(sample.seq);
    if (this.#groups.size > this.#maxGroups) this.#prune();
  }

  /** The biggest groups, and all others as one, if there are any. */
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

  #count(row: TaskDelta, boot: string, seq: number): void {
    const { task } = row;
    const key = boot + task.processKey;
    const ofPid = boot + task.pid;
    const known = this.#processes.get(key);
    // A recording lists active threads alone. If the main thread was seen before, its name holds in samples without it.
    const name =
      isMain(task) || known === undefined
        ? (groupName(task, this.#kind) ?? NAMELESS)
        : known.name;
    const group = this.#groupOf(name);
    if (known === undefined) {
      const predecessor = this.#keyOfPid.get(ofPid);
      if (predecessor !== undefined) this.#predecessors.push(predecessor);
      this.#keyOfPid.set(ofPid, key);
      this.#processes.set(key, { name, seq });
      this.#processCount++;
      group.processes++;
    } else {
      if (known.name !== name) group.processes++;
      known.name = name;
      known.seq = seq;
    }
    addInto(group.io, row);
  }

  #end(row: TaskDelta, boot: string): void {
    const key = boot + row.task.processKey;
    const ofPid = boot + row.task.pid;
    const known = this.#processes.get(key);
    if (known === undefined) return;
    this.#processes.delete(key);
    if (this.#keyOfPid.get(ofPid) === key) this.#keyOfPid.delete(ofPid);
    this.#endedCount++;
    this.#groupOf(known.name).ended++;
  }

  /** These have ended, although a recording may not have listed it. */
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

/** Net bytes are added up too, because each of them was cut off at 0. */
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

/** With -p and -u, processes are folded from the selected threads: an id may be that of one thread. */
function watchedProcesses(sample: Sample, view: View): readonly TaskDelta[] {
  if (view.pids.length === 0 && view.uids.length === 0) return sample.processes;
  const threads = sample.threads.filter((row) => isWatched(row, view));
  return foldThreads(threads, sample.endedThreads);
}

/** Keys and ids are unique on one machine, until it starts anew. A recording may hold several. */
export function bootOf({ hostname, bootId }: Origin): string {
  return `${JSON.stringify([hostname, bootId])} `;
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
