/** One life of a task as outputs see it: fixed facts, and slow ones read when somebody asks. */
import type { IoPriority, TaskInfo, Unknown } from "../model/sample.ts";

/** Where the slow facts come from. */
export interface Identity {
  /** Number of the newest sample: what may change is read at most once in each. */
  readonly generation: number;
  userOfUid(uid: number): string;
  readCmdline(tid: number): readonly string[] | null;
  readIoPriority(tid: number): IoPriority | null;
  readCgroup(tid: number): string | null;
}

export interface TaskFacts {
  readonly tid: number;
  readonly pid: number;
  readonly ppid: number;
  readonly startMs: number;
  readonly comm: string;
  readonly uid: number;
  readonly isKernelThread: boolean;
}

export class Task implements TaskInfo {
  readonly tid: number;
  readonly pid: number;
  readonly startMs: number;
  readonly isKernelThread: boolean;
  ppid: number;
  uid: number;
  #comm: string;
  #ended = false;
  readonly #identity: Identity;
  #cmdline: readonly string[] | Unknown | undefined;
  #cgroup: string | Unknown | undefined;
  #ioPriority: IoPriority | Unknown = null;
  #ioPriorityGeneration = -1;

  constructor(facts: TaskFacts, identity: Identity) {
    this.tid = facts.tid;
    this.pid = facts.pid;
    this.ppid = facts.ppid;
    this.startMs = facts.startMs;
    this.uid = facts.uid;
    this.isKernelThread = facts.isKernelThread;
    this.#comm = facts.comm;
    this.#identity = identity;
  }

  get key(): string {
    return `${this.tid}.${this.startMs}`;
  }

  get comm(): string {
    return this.#comm;
  }

  /** A new name most often means a new program: its arguments and group are read anew. */
  set comm(comm: string) {
    this.#comm = comm;
    this.#cmdline = undefined;
    this.#cgroup = undefined;
  }

  get user(): string {
    return this.#identity.userOfUid(this.uid);
  }

  get cmdline(): readonly string[] | Unknown {
    if (this.isKernelThread) return [];
    if (this.#cmdline !== undefined) return this.#cmdline;
    // The arguments are the process's: those of an ended thread can still be read while its process lives.
    const id = this.#ended ? this.pid : this.tid;
    if (this.#ended && id === this.tid) return (this.#cmdline = null);
    const args = this.#identity.readCmdline(id);
    // A zombie has given its arguments back: no arguments is not the same as none known.
    return (this.#cmdline = args?.length === 0 ? null : args);
  }

  get cgroup(): string | Unknown {
    if (this.#cgroup !== undefined) return this.#cgroup;
    return (this.#cgroup = this.#ended
      ? null
      : this.#identity.readCgroup(this.tid));
  }

  get ioPriority(): IoPriority | Unknown {
    const { generation } = this.#identity;
    if (!this.#ended && this.#ioPriorityGeneration !== generation) {
      this.#ioPriorityGeneration = generation;
      this.#ioPriority =
        this.#identity.readIoPriority(this.tid) ?? this.#ioPriority;
    }
    return this.#ioPriority;
  }

  /** From now on the tid may belong to somebody else: nothing more is read under it. */
  end(): void {
    this.#ended = true;
  }
}
