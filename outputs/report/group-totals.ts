/** The I/O of groups of processes over a run. Memory depends on the number of names and of living processes. */
import {
  addCounters,
  addInto,
  heaviestFirst,
  netBytes,
  unknownDelta,
  type GroupKind,
  type IoDelta,
  type MutableIoDelta,
  type Sample,
  type Unknown,
  type View,
  type Weight,
} from "../../src/model/index.ts";
import { ProcessGroups, type GroupEvents } from "../run/process-groups.ts";

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

/** Programs can give themselves any name. Beyond this many names, the smaller half is kept as one. */
const MAX_GROUPS = 20_000;

export class GroupTotals {
  readonly #maxGroups: number;
  readonly #processes: ProcessGroups;
  readonly #groups = new Map<string, Group>();
  /** The sum of the groups that are no longer kept separately. */
  #small: GroupTotal = sumTotals([]);
  #smallNames = 0;

  constructor(kind: GroupKind, maxGroups = MAX_GROUPS) {
    this.#processes = new ProcessGroups(kind);
    this.#maxGroups = maxGroups;
  }

  /** Each process once, however many names it had. */
  get processes(): number {
    return this.#processes.processes;
  }
  get ended(): number {
    return this.#processes.ended;
  }

  add(sample: Sample, view: View): void {
    this.#processes.follow(sample, view, this.#events);
    if (this.#groups.size > this.#maxGroups) this.#prune();
  }

  readonly #events: GroupEvents = {
    did: (name, io, isNew) => {
      const group = this.#groupOf(name);
      if (isNew) group.processes++;
      addInto(group.io, io);
    },
    left: (name, _, hasEnded) => {
      if (hasEnded) this.#groupOf(name).ended++;
    },
  };

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

function newGroup(name: string): Group {
  return { name, io: unknownDelta(), processes: 0, ended: 0 };
}

function toTotal(group: Group): GroupTotal {
  return { ...group, netBytes: netBytes(group.io) };
}

function weigh({ name, netBytes: bytes, io }: GroupTotal): Weight {
  return { name, bytes: bytes ?? 0, waitedNs: io.ioWaitNs ?? 0 };
}
