/**
 * Processes in columns: to which one a life belongs, when all its threads have ended, what those did that ended before,
 * and whether it has run since it was last asked.
 */
import type { NumberList } from "../kernel/files.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import {
  addInto,
  addLifetimes,
  unknownDelta,
  type MutableIoDelta,
} from "../model/delta.ts";
import { withUnseenThread } from "../model/fold.ts";
import type {
  EndedThreads,
  IoDelta,
  Lifetime,
  Sample,
  Unknown,
} from "../model/sample.ts";
import { ProcessKey } from "./process-key.ts";

interface Retired {
  readonly since: MutableIoDelta;
  lifetime: Lifetime | Unknown;
  count: number;
}

/**
 * Of two threads that end at the same time one may have to wait for a CPU before it fills its message in. With more than
 * this between them they are of two processes that had the pid in turn.
 */
const MOST_LATE_US = 100_000;

export class ProcessTable {
  readonly #indexOfPid = new Map<number, number>();
  readonly #free: number[] = [];
  readonly pid: number[] = [];
  /** As outputs know it: given with the first task. */
  readonly #key: (ProcessKey | undefined)[] = [];
  /** Threads whose end no sample has told. */
  readonly threads: number[] = [];
  /** Lives in the task table, zombies and others that are told already too. */
  readonly #lives: number[] = [];
  /** When it was known that all threads had ended, monotonic ns: who joins under the same pid is of another process. */
  readonly #overNs: number[] = [];
  /** The thread that ended last was not the last one. */
  readonly #goesOn: boolean[] = [];
  /** Going on though nobody is known to live in them. */
  readonly #between = new Set<number>();
  readonly #claimed = new Set<number>();
  /** The main thread of this process has been seen: another one means that the pid is used again. */
  readonly #hasMain: boolean[] = [];
  /** How old it was when its last thread ended, µs; NaN before that, and if it had but one: no other message can come late. */
  readonly #endAgeUs: number[] = [];
  /** CPU time, ns, as read before its threads were last asked; NaN if they never were. Unchanged means that none has run. */
  readonly runNs: number[] = [];
  /** Scan in which the process was last found not to have run, and when that was, monotonic ns. */
  readonly idleScan: number[] = [];
  readonly idleNs: number[] = [];
  /** Scan in which its main thread alone was asked, and no list of its threads was read. */
  readonly aloneScan: number[] = [];
  /** By index; only processes that have lost threads while they go on. */
  readonly #retired = new Map<number, Retired>();
  #snapshot: Sample["endedThreads"] = new Map();
  #snapshotIsCurrent = true;

  /** The process of a pid; -1 if unknown. */
  find(pid: number): number {
    return this.#indexOfPid.get(pid) ?? -1;
  }

  /** The pids of all. */
  list(into: NumberList): void {
    into.clear();
    for (const pid of this.#indexOfPid.keys()) into.push(pid);
  }

  get size(): number {
    return this.#indexOfPid.size;
  }

  /** The process that a new life would belong to now; -1 if it would be a new one, as for a second main thread. */
  homeOf(pid: number, isMain: boolean): number {
    const index = this.find(pid);
    const isOther =
      index < 0 || this.isOver(index) || (isMain && this.#hasMain[index]!);
    return isOther ? -1 : index;
  }

  /**
   * The process, over already, of a thread that had ended before the last one, on another CPU, though its message comes
   * after that one's; -1 if there is none. The pid is not free before the main thread's message is sent.
   *
   * @param message of a life that is new
   */
  homeOfLate(tid: number, pid: number, message: TaskstatsRecord): number {
    if (message.isLast !== 0) return -1;
    const index = this.find(pid);
    if (index < 0 || (tid === pid && this.#hasMain[index]!)) return -1;
    const apartUs = message.processElapsedUs - this.#endAgeUs[index]!;
    return Math.abs(apartUs) <= MOST_LATE_US ? index : -1;
  }

  /** The main thread of a process has been heard of, and is to join it later: no other one may. */
  claim(index: number): void {
    this.#claimed.add(index);
  }

  /** Who was to join has. */
  dropClaims(): void {
    this.#claimed.clear();
  }

  /**
   * The process that a new life belongs to, made if need be.
   *
   * @param home where it belonged when it was first heard of; -1 if that was a new process, or is not known
   */
  join(pid: number, isMain: boolean, home = -1): number {
    let index = home;
    if (home < 0 || (isMain && this.#hasMain[home]!)) {
      const found = this.homeOf(pid, isMain);
      const isClaimed = isMain && this.#claimed.has(found);
      index = found < 0 || isClaimed ? this.#add(pid) : found;
    }
    if (isMain) this.#hasMain[index] = true;
    return this.joinAgain(index);
  }

  /** A new life belongs to a process that is known. */
  joinAgain(index: number): number {
    this.threads[index]!++;
    this.#between.delete(index);
    if (this.#retired.has(index)) this.#snapshotIsCurrent = false;
    this.#lives[index]!++;
    return index;
  }

  /** The key of a process, made from the start of its first task, Unix ms, if it has none. */
  nameIfNew(index: number, startMs: number): ProcessKey {
    return (this.#key[index] ??= new ProcessKey(this.pid[index]!, startMs));
  }

  /** A thread has ended, and its message tells whether it was the last one. */
  hearEnd(index: number, message: TaskstatsRecord, nowNs: number): void {
    const { isLast, hadThreads, processElapsedUs } = message;
    this.#goesOn[index] = isLast === 0;
    if (isLast !== 1) return;
    if (hadThreads) this.#endAgeUs[index] = processElapsedUs;
    this.close(index, nowNs);
  }

  /** A thread has ended without a message. */
  missEnd(index: number): void {
    this.#goesOn[index] = false;
  }

  /** The last thread had ended by then. */
  close(index: number, nowNs: number): void {
    this.#overNs[index] = nowNs;
    this.#between.delete(index);
  }

  /** Whether all threads had ended by then. */
  wasOver(index: number, ns: number): boolean {
    return this.#overNs[index]! <= ns;
  }

  /** Whether all threads are known to have ended. */
  isOver(index: number): boolean {
    return this.#overNs[index] !== Infinity;
  }

  /**
   * A sample told the end of a thread; `since` gives what it did all its watched life, and `lifetime` what it ever did,
   * if anybody is to be told of it later.
   */
  leave(
    index: number,
    since: () => IoDelta,
    lifetime: () => Lifetime | Unknown = since,
  ): void {
    this.threads[index]!--;
    if (this.isOver(index) && this.threads[index] === 0) {
      this.#forget(index);
      return;
    }
    let retired = this.#retired.get(index);
    if (retired === undefined) {
      retired = { since: unknownDelta(), lifetime: null, count: 0 };
      this.#retired.set(index, retired);
    }
    addInto(retired.since, since());
    retired.lifetime = addLifetimes(retired.lifetime, lifetime());
    retired.count++;
    this.#snapshotIsCurrent = false;
    if (this.isBetweenThreads(index) && this.#goesOn[index]!)
      this.#between.add(index);
  }

  /** A thread that had left did something on its way out. */
  addRetired(index: number, since: () => IoDelta): void {
    const retired = this.#retired.get(index);
    if (retired === undefined) return;
    const late = since();
    addInto(retired.since, late);
    retired.lifetime = addLifetimes(retired.lifetime, late);
    this.#snapshotIsCurrent = false;
  }

  /** A life has left the task table. */
  release(index: number): void {
    if (--this.#lives[index]! > 0) return;
    this.#forget(index);
    const pid = this.pid[index]!;
    if (this.#indexOfPid.get(pid) === index) this.#indexOfPid.delete(pid);
    this.#free.push(index);
  }

  /** Whether the threads under a pid were listed in a scan: one that was not seen is not there then. */
  wasListed(pid: number, scan: number): boolean {
    const index = this.find(pid);
    return (
      index < 0 ||
      (this.idleScan[index] !== scan && this.aloneScan[index] !== scan)
    );
  }

  /** Nobody is known to live in it, though its last thread has not ended: others began after the list was read. */
  isBetweenThreads(index: number): boolean {
    return this.threads[index] === 0 && !this.isOver(index);
  }

  /** What ended threads of living processes did, as told so far; the same object until something changes. */
  backgrounds(): Sample["endedThreads"] {
    if (this.#snapshotIsCurrent) return this.#snapshot;
    const snapshot = new Map<string, EndedThreads>();
    for (const [index, { since, lifetime, count }] of this.#retired)
      if (this.threads[index]! > 0)
        snapshot.set(this.#key[index]!.text, {
          since: { ...since },
          lifetime,
          count,
          hasUnseenThread: false,
        });
    this.#snapshot = snapshot;
    this.#snapshotIsCurrent = true;
    return snapshot;
  }

  /** The same with those added that go on, though a sample has told the end of all their threads since. */
  withGoingOn(before: Sample["endedThreads"]): Sample["endedThreads"] {
    if (this.#between.size === 0) return before;
    const backgrounds = new Map(before);
    for (const index of this.#between) {
      const key = this.#key[index]!.text;
      backgrounds.set(key, withUnseenThread(before.get(key)));
    }
    return backgrounds;
  }

  #forget(index: number): void {
    this.#between.delete(index);
    if (this.#retired.delete(index)) this.#snapshotIsCurrent = false;
  }

  #add(pid: number): number {
    const index = this.#free.pop() ?? this.pid.length;
    this.pid[index] = pid;
    this.#key[index] = undefined;
    this.#goesOn[index] = false;
    this.threads[index] = 0;
    this.#lives[index] = 0;
    this.#overNs[index] = Infinity;
    this.#hasMain[index] = false;
    this.#endAgeUs[index] = NaN;
    this.runNs[index] = NaN;
    this.idleScan[index] = 0;
    this.idleNs[index] = 0;
    this.aloneScan[index] = 0;
    this.#indexOfPid.set(pid, index);
    return index;
  }
}
