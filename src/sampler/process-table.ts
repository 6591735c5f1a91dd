/**
 * All processes, by pid and by index: when all threads of one have ended, and what those did that ended before. To which
 * one a new task belongs is in process-of-task.ts.
 */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { addInto, addLifetimes, unknownDelta } from "../model/delta.ts";
import { withUnseenThread } from "../model/tasks/fold.ts";
import type { Sample } from "../model/sample.ts";
import type { ReadWindow } from "./event.ts";
import { ProcessActivity } from "./process-activity.ts";
import { processFor } from "./process-of-task.ts";
import { Process, type Ended } from "./process.ts";

export class ProcessTable {
  readonly activity = new ProcessActivity();
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

  /** All indices are below it. */
  get capacity(): number {
    return this.#processes.length;
  }

  reserveLeader(index: number): void {
    this.at(index).isReserved = true;
    this.#reserved.push(this.at(index));
  }

  /** A new process, of one of whose threads a message has come that is given to a life later. */
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
      index = processFor(this, pid, isMain);
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
    this.activity.end(index);
    this.#free.push(index);
  }

  #forget(process: Process): void {
    process.ended = undefined;
    if (this.#losers.delete(process)) this.#snapshot = undefined;
  }

  #add(pid: number): number {
    const index = this.#free.pop() ?? this.#processes.length;
    const before = this.find(pid);
    if (before >= 0) this.activity.end(before);
    this.#processes[index] = new Process(pid);
    this.#indexOfPid.set(pid, index);
    this.activity.begin(index, pid);
    return index;
  }
}

const NOTHING_ENDED: Ended = {
  since: unknownDelta(),
  lifetime: null,
  count: 0,
};
