/** One life of a task as outputs see it: fixed facts, and slow ones read when somebody asks. */
import type { IoPriority, TaskInfo, Unknown } from "../model/sample.ts";

/** Where the slow facts come from. */
export interface TaskFactReader {
  /** Number of the newest sample: what may change is read at most once in each. */
  readonly generation: number;
  userOfUid(uid: number): string;
  readCmdline(tid: number): readonly string[] | null;
  /** What readCmdline returned is kept for no living task any more. */
  forgetCmdline(cmdline: readonly string[] | null): void;
  readLongName(tid: number): string | null;
  readIoPriority(tid: number): IoPriority | null;
  readCgroup(tid: number): string | null;
  readState(tid: number): string | null;
}

export interface TaskFacts {
  readonly tid: number;
  /** Its key is asked for when somebody wants it. */
  readonly process: { readonly pid: number; readonly key: string };
  readonly ppid: number;
  readonly startMs: number;
  /** Lives before this one that had the same tid and start: after an execve in a thread there is one. */
  readonly execCount: number;
  readonly comm: string;
  readonly uid: number;
  readonly isKernelThread: boolean;
}

/** undefined: not read yet. */
interface SlowFacts {
  cmdline: readonly string[] | Unknown | undefined;
  cgroup: string | Unknown | undefined;
  /** Whether the cgroup is that of the task that started this one. */
  isInherited: boolean;
  longName: string | Unknown;
  longNameGeneration: number;
  ioPriority: IoPriority | Unknown;
  ioPriorityGeneration: number;
  state: string | Unknown;
  stateGeneration: number;
}

/** Where service managers are: what they start, and who is left to them, is in another cgroup. */
const MANAGERS = /(?:^|\/)init\.scope$/;

/** One and the same, so that outputs see that nothing has changed. */
const NO_ARGUMENTS: readonly string[] = [];

export class Task implements TaskInfo {
  readonly tid: number;
  readonly pid: number;
  readonly #process: TaskFacts["process"];
  readonly startMs: number;
  readonly execCount: number;
  readonly isKernelThread: boolean;
  ppid: number;
  uid: number;
  #key: string | undefined;
  #comm: string;
  #ended = false;
  readonly #details: TaskFactReader;
  /** Of a task that has ended, if that was found. */
  #parent: Task | null = null;
  /** Made for tasks that somebody looks at: few of ten thousand. */
  #seen: SlowFacts | undefined;

  constructor(facts: TaskFacts, details: TaskFactReader) {
    this.tid = facts.tid;
    this.pid = facts.process.pid;
    this.#process = facts.process;
    this.ppid = facts.ppid;
    this.startMs = facts.startMs;
    this.execCount = facts.execCount;
    this.uid = facts.uid;
    this.isKernelThread = facts.isKernelThread;
    this.#comm = facts.comm;
    this.#details = details;
  }

  /** One and the same text, because hundreds of samples keep it; made on use, as few of ten thousand tasks do anything. */
  get key(): string {
    return (this.#key ??= this.#makeKey());
  }

  #makeKey(): string {
    const key = `${this.tid}.${this.startMs}`;
    return this.execCount === 0 ? key : `${key}+${this.execCount}`;
  }

  get processKey(): string {
    return this.#process.key;
  }

  get comm(): string {
    return this.#comm;
  }

  /** A new name most often means a new program: its arguments and group are read anew. */
  set comm(comm: string) {
    this.#comm = comm;
    if (this.#seen === undefined) return;
    this.#forgetCmdline();
    this.#seen.cmdline = undefined;
    if (!this.#ended || this.#seen.isInherited) this.#seen.cgroup = undefined;
    this.#seen.isInherited = false;
  }

  get user(): string {
    return this.#details.userOfUid(this.uid);
  }

  get cmdline(): readonly string[] | Unknown {
    if (this.isKernelThread) return NO_ARGUMENTS;
    const seen = this.#slowFacts();
    if (seen.cmdline === undefined) seen.cmdline = this.#readCmdline();
    return seen.cmdline;
  }

  #readCmdline(): readonly string[] | Unknown {
    // The arguments are the process's: those of an ended thread can still be read while its process lives.
    if (this.#ended && this.pid === this.tid) return null;
    const args = this.#details.readCmdline(this.#ended ? this.pid : this.tid);
    // The row of an ended task does not stay for long.
    if (this.#ended) this.#details.forgetCmdline(args);
    // A zombie has given its arguments back: none is not the same as none known.
    return args?.length === 0 ? null : args;
  }

  get cgroup(): string | Unknown {
    const seen = this.#slowFacts();
    if (seen.cgroup !== undefined) return seen.cgroup;
    seen.cgroup = this.#readCgroup();
    if (this.#ended || seen.cgroup === null) {
      seen.cgroup = this.#inheritedCgroup();
      seen.isInherited = seen.cgroup !== null;
    }
    return seen.cgroup;
  }

  get cgroupInherited(): boolean {
    return this.cgroup !== null && this.#slowFacts().isInherited;
  }

  /** A task begins in the cgroup of the one that started it, and few move. */
  #inheritedCgroup(): string | Unknown {
    const path = this.#parent === null ? null : this.#parent.#ownCgroup();
    return path === null || MANAGERS.test(path) ? null : path;
  }

  /** As it was read, or is now. */
  #ownCgroup(): string | Unknown {
    const seen = this.#slowFacts();
    if (seen.isInherited) return null;
    if (seen.cgroup === undefined && !this.#ended)
      seen.cgroup = this.#readCgroup() ?? undefined;
    return seen.cgroup ?? null;
  }

  /**
   * In hierarchies of version 1 a task that is ending is in the root already (Linux kernel/cgroup/cgroup.c,
   * proc_cgroup_show): what was read counts only if the task lives afterwards.
   */
  #readCgroup(): string | Unknown {
    if (this.#ended) return null;
    const path = this.#details.readCgroup(this.tid);
    if (path === null || this.isKernelThread) return path;
    return /^[ZXx]?$/.test(this.#details.readState(this.tid) ?? "")
      ? null
      : path;
  }

  /** The task has ended: the one that started it, or the process that it was a thread of, lives. */
  meetParent(parent: Task | null): void {
    if (this.#seen?.cgroup === undefined) this.#parent = parent;
  }

  get longName(): string | Unknown {
    if (!this.isKernelThread) return null;
    const { generation } = this.#details;
    const seen = this.#slowFacts();
    if (!this.#ended && seen.longNameGeneration !== generation) {
      seen.longNameGeneration = generation;
      seen.longName = this.#details.readLongName(this.tid) ?? seen.longName;
    }
    return seen.longName;
  }

  get ioPriority(): IoPriority | Unknown {
    const { generation } = this.#details;
    const seen = this.#slowFacts();
    if (!this.#ended && seen.ioPriorityGeneration !== generation) {
      seen.ioPriorityGeneration = generation;
      seen.ioPriority =
        this.#details.readIoPriority(this.tid) ?? seen.ioPriority;
    }
    return seen.ioPriority;
  }

  get state(): string | Unknown {
    const { generation } = this.#details;
    const seen = this.#slowFacts();
    if (this.#ended) return null;
    if (seen.stateGeneration !== generation) {
      seen.stateGeneration = generation;
      seen.state = this.#details.readState(this.tid);
    }
    return seen.state;
  }

  #slowFacts(): SlowFacts {
    return (this.#seen ??= {
      cmdline: undefined,
      cgroup: undefined,
      isInherited: false,
      longName: null,
      longNameGeneration: -1,
      ioPriority: null,
      ioPriorityGeneration: -1,
      state: null,
      stateGeneration: -1,
    });
  }

  /** From now on the tid may belong to somebody else: nothing more is read under it. */
  end(): void {
    if (!this.#ended) this.#forgetCmdline();
    this.#ended = true;
  }

  #forgetCmdline(): void {
    const cmdline = this.#seen?.cmdline;
    if (cmdline !== undefined) this.#details.forgetCmdline(cmdline);
  }
}
