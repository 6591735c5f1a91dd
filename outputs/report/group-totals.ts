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
  type Sample,
  type TaskDelta,
  type TaskInfo,
  type Unknown,
  type View,
  type Weight,
} from "../../src/model/index.ts";
import { bootKeyOf } from "./watched.ts";

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

/** The processes of one boot of one machine. */
interface Processes {
  /** By key. */
  readonly byKey: Map<string, Process>;
  /** For each process id, the newest process that had it. */
  readonly keyOfPid: Map<number, string>;
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
  /** By boot. */
  readonly #boots = new Map<string, Processes>();
  /** Of the boot that the newest sample is of. */
  #processes: Processes = newProcesses();
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
  add(seen: Sample, view: View): void {
    const sample = this.#enter(seen);
    for (const row of watchedProcesses(sample, view)) {
      if (isActive(row)) this.#count(row, sample.seq);
      // Only the main thread's end counts: a recording may list just one thread of a process that goes on.
      if (row.exit !== null && isMain(row.task)) this.#end(row);
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

  /**
   * The processes of another boot are others, whatever their keys are.
   *
   * @returns the sample without the ends of tasks of the boot before, which a replay adds to the first one of the next
   */
  #enter(sample: Sample): Sample {
    const boot = bootKeyOf(sample.origin);
    const known = this.#boots.get(boot) ?? newProcesses();
    if (known === this.#processes) return sample;
    const isFirst = this.#boots.size === 0;
    this.#boots.set(boot, known);
    this.#processes = known;
    return isFirst ? sample : (sample.recorded ?? sample);
  }

  #count(row: TaskDelta, seq: number): void {
    const { task } = row;
    const { byKey, keyOfPid } = this.#processes;
    const known = byKey.get(task.processKey);
    // A recording lists active threads alone. If the main thread was seen before, its name holds in samples without it.
    const name =
      isMain(task) || known === undefined
        ? (groupName(task, this.#kind) ?? NAMELESS)
        : known.name;
    const group = this.#groupOf(name);
    if (known === undefined) {
      const predecessor = keyOfPid.get(task.pid);
      if (predecessor !== undefined) this.#predecessors.push(predecessor);
      keyOfPid.set(task.pid, task.processKey);
      byKey.set(task.processKey, { name, seq });
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
    const { byKey, keyOfPid } = this.#processes;
    const known = byKey.get(processKey);
    if (known === undefined) return;
    byKey.delete(processKey);
    if (keyOfPid.get(pid) === processKey) keyOfPid.delete(pid);
    this.#endedCount++;
    this.#groupOf(known.name).ended++;
  }

  /** These have ended, although a recording may not have listed it. */
  #forgetPredecessors(seq: number): void {
    const { byKey } = this.#processes;
    for (const key of this.#predecessors)
      if (byKey.get(key)?.seq !== seq) byKey.delete(key);
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

function isMain({ tid, pid }: TaskInfo): boolean {
  return tid === pid;
}

const newProcesses = (): Processes => ({
  byKey: new Map(),
  keyOfPid: new Map(),
});

function newGroup(name: string): Group {
  return { name, io: unknownDelta(), processes: 0, ended: 0 };
}

function toTotal(group: Group): GroupTotal {
  return { ...group, netBytes: netBytes(group.io) };
}

function weigh({ name, netBytes: bytes, io }: GroupTotal): Weight {
  return { name, bytes: bytes ?? 0, waitedNs: io.ioWaitNs ?? 0 };
}
