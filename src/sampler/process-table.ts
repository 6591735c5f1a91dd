/** Processes: to which one a life belongs, when all its threads have ended, and what those did that ended before. */
import type { NumberList } from "../kernel/files.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { addInto, addLifetimes, unknownDelta } from "../model/delta.ts";
import { withUnseenThread } from "../model/fold.ts";
import type { EndedThreads, Sample } from "../model/sample.ts";
import type { ReadWindow } from "./event.ts";

/**
 * Of two threads that end at the same time one may have to wait for a CPU before it fills its message in. With more than
 * this between them they are of two processes that had the pid in turn.
 */
const MOST_LATE_US = 100_000;

/** What ended threads did since watching began, and ever. */
type Ended = Omit<EndedThreads, "hasUnseenThread">;

/** A process from its first thread to its last. */
export class Process {
  readonly pid: number;
  /** Threads whose end no sample has reported. */
  threads = 0;
  /** Lives in the life table, zombies and others that are reported already too. */
  lives = 0;
  /** All threads are known to have ended: what joins under the same pid is of another process. */
  isDead = false;
  /** Its last message had not been sent by then, monotonic ns; 0 if none came. */
  aliveNs = 0;
  /** The thread that ended last was not the last one. */
  goesOn = false;
  /** Its main thread has been seen: another one means that the pid is used again. */
  hasMain = false;
  /** Its main thread has been heard of, and joins it later: no other one may. */
  isReserved = false;
  /** How old it was when its last thread ended, µs; NaN before that, and if it had but one: no other message can come late. */
  endAgeUs = NaN;
  /** What threads did that ended while it goes on. */
  ended: Ended | undefined;
  /** CPU time, ns, as read before its threads were last asked. */
  runNs = NaN;
  /** When it was last found not to have run, monotonic ns; 0 if it never was. */
  idleNs = 0;
  /** The scan in which no list of its threads was read: one that was not seen may be there all the same. */
  unlistedScan = 0;
  /** Of the first of its tasks that was heard of, Unix ms: no other one under its tid has the same. */
  startMs = NaN;
  #key: string | undefined;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** What outputs know it by. Of most that come and go nobody asks. */
  get key(): string {
    return (this.#key ??= `${this.pid}.${this.startMs}`);
  }

  /** No thread is known to live, though the last one has not ended: others began after the list was read. */
  get hasNoKnownThread(): boolean {
    return this.threads === 0 && !this.isDead;
  }
}

export class ProcessTable {
  readonly #indexOfPid = new Map<number, number>();
  readonly #processes: Process[] = [];
  readonly #free: number[] = [];
  #reserved: Process[] = [];
  #announced: number[] = [];
  /** Those that have lost threads. */
  readonly #losers = new Set<Process>();
  #snapshot: Sample["endedThreads"] | undefined;

  /** The index of the latest process of a pid; -1 if there is none. */
  find(pid: number): number {
    return this.#indexOfPid.get(pid) ?? -1;
  }

  at(index: number): Process {
    return this.#processes[index]!;
  }

  /** The latest process of a pid. */
  of(pid: number): Process | undefined {
    return this.#processes[this.find(pid)];
  }

  /** The pids of all. */
  list(into: NumberList): void {
    into.clear();
    for (const pid of this.#indexOfPid.keys()) into.push(pid);
  }

  /**
   * The process that a new life would belong to now; -1 if it would be a new one, as for a second main thread. A first
   * one is of a process that is dead too: the pid is not free before the main thread's message is sent.
   */
  processFor(pid: number, isMain: boolean): number {
    const process = this.of(pid);
    if (process === undefined) return -1;
    const { isDead, isReserved } = process;
    const hasMain = process.hasMain || (isDead && isReserved);
    return (isMain ? hasMain : isDead) ? -1 : this.find(pid);
  }

  /**
   * The process, dead already, of a thread that had ended before the last one, on another CPU, though its message comes
   * after that one's; -1 if there is none.
   *
   * @param message of a life that is new
   */
  processOfLateExit(
    tid: number,
    pid: number,
    message: TaskstatsRecord,
  ): number {
    const process = this.of(pid);
    if (message.isLast !== 0 || tid === pid || process === undefined) return -1;
    const apartUs = message.processElapsedUs - process.endAgeUs;
    return Math.abs(apartUs) <= MOST_LATE_US ? this.find(pid) : -1;
  }

  reserveLeader(index: number): void {
    this.at(index).isReserved = true;
    this.#reserved.push(this.at(index));
  }

  /** A new process, of whose main thread a message has come that is given to a life later. */
  announce(pid: number): number {
    const index = this.#add(pid);
    this.#announced.push(index);
    return index;
  }

  /** All main threads that were to join have. */
  dropReservations(): void {
    for (const process of this.#reserved) process.isReserved = false;
    for (const index of this.#announced)
      if (this.at(index).lives === 0) this.#drop(index);
    this.#reserved = [];
    this.#announced = [];
  }

  /**
   * The process that a new life belongs to, made if need be.
   *
   * @param known where it belonged when it was first heard of; -1 if that was a new process, or is not known
   */
  addThread(pid: number, isMain: boolean, known = -1): number {
    let index = known;
    if (known < 0 || (isMain && this.at(known).hasMain)) {
      index = this.processFor(pid, isMain);
      const isReserved = isMain && index >= 0 && this.at(index).isReserved;
      if (index < 0 || isReserved) index = this.#add(pid);
    }
    if (isMain) this.at(index).hasMain = true;
    return this.addThreadTo(index);
  }

  /** A new life belongs to a process that is known. */
  addThreadTo(index: number): number {
    const process = this.at(index);
    process.threads++;
    process.lives++;
    if (process.ended !== undefined) this.#snapshot = undefined;
    return index;
  }

  /** A thread has ended, and its message tells whether it was the last one. */
  hearExit(index: number, message: TaskstatsRecord, window: ReadWindow): void {
    const process = this.at(index);
    process.goesOn = message.isLast === 0;
    if (message.isLast !== 1) return;
    if (message.hadThreads) process.endAgeUs = message.processElapsedUs;
    process.aliveNs = window.beforeNs;
    process.isDead = true;
  }

  /** The process is dead, and a task that began then can be of the next one. */
  isOver(index: number, startNs: number): boolean {
    const { isDead, aliveNs } = this.at(index);
    return isDead && !(startNs < aliveNs);
  }

  /**
   * A sample reported the end of a thread, or what that did on its way out.
   *
   * @param isFirst its end was not reported before
   * @param what it did all its watched life, and ever
   */
  leave(
    index: number,
    isFirst: boolean,
    what: () => Pick<Ended, "since" | "lifetime">,
  ): void {
    const process = this.at(index);
    if (isFirst) process.threads--;
    if (isFirst && process.isDead && process.threads === 0)
      return this.#forget(process);
    if (!isFirst && process.ended === undefined) return;
    const before = process.ended ?? NOTHING_ENDED;
    const { since: sinceNow, lifetime } = what();
    const since = { ...before.since };
    addInto(since, sinceNow);
    process.ended = {
      since,
      lifetime: addLifetimes(before.lifetime, isFirst ? lifetime : sinceNow),
      count: before.count + Number(isFirst),
    };
    this.#losers.add(process);
    this.#snapshot = undefined;
  }

  /** A life has left the life table. */
  release(index: number): void {
    if (--this.at(index).lives === 0) this.#drop(index);
  }

  /** What ended threads of living processes did, as reported so far; the same object until something changes. */
  endedThreads(): Sample["endedThreads"] {
    return (this.#snapshot ??= new Map(
      [...this.#losers]
        .filter(({ threads }) => threads > 0)
        .map(({ key, ended }) => [key, { ...ended!, hasUnseenThread: false }]),
    ));
  }

  /** The same with those added that go on, though a sample has reported the end of all their threads since. */
  withUnseenThreads(before: Sample["endedThreads"]): Sample["endedThreads"] {
    const goingOn = [...this.#losers].filter(
      (process) => process.hasNoKnownThread && process.goesOn,
    );
    if (goingOn.length === 0) return before;
    const all = new Map(before);
    for (const { key } of goingOn)
      all.set(key, withUnseenThread(before.get(key)));
    return all;
  }

  #drop(index: number): void {
    const process = this.at(index);
    this.#forget(process);
    if (this.find(process.pid) === index) this.#indexOfPid.delete(process.pid);
    this.#free.push(index);
  }

  #forget(process: Process): void {
    process.ended = undefined;
    if (this.#losers.delete(process)) this.#snapshot = undefined;
  }

  #add(pid: number): number {
    const index = this.#free.pop() ?? this.#processes.length;
    this.#processes[index] = new Process(pid);
    this.#indexOfPid.set(pid, index);
    return index;
  }
}

const NOTHING_ENDED: Ended = {
  since: unknownDelta(),
  lifetime: null,
  count: 0,
};
