/**
 * Whose end an exit message is.
 *
 * The kernel sends one for every life, with its final counters, before anybody else can have the tid: the messages about
 * a tid come in the order of its lives, and who was there when the messages had last been taken to the end is the one
 * whose message comes next. Ages and counters are needed only where that does not decide:
 *
 * - A life that was seen so late that the message may be of the one before it.
 * - After the end of a main thread whose process goes on: another thread has called execve (see successions.ts).
 * - A task that had vanished from under its tid by an execve sends its message under another one.
 * - A message that was lost.
 */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import type { Readings } from "./readings.ts";
import type { Sequel } from "./sequels.ts";
import type { Successions } from "./successions.ts";
import { BORN, ENDED, LAST, UNHEARD, type TaskTable } from "./table.ts";
import { startHighNs, type When } from "./when.ts";

export class Endings {
  readonly #readings: Readings;
  readonly #table: TaskTable;
  readonly #successions: Successions;

  constructor(readings: Readings, successions: Successions) {
    this.#readings = readings;
    this.#table = readings.table;
    this.#successions = successions;
  }

  /** @param when `beforeNs` is when the messages had last been taken to the end */
  hear(tid: number, record: TaskstatsRecord, when: When): void {
    const table = this.#table;
    const newest = table.find(tid);
    const sequel: Sequel = {
      tid,
      pid: Number.isNaN(record.tgid) ? this.#pidOf(newest, tid) : record.tgid,
      record,
      when,
      says: "ended",
    };
    if (newest < 0) this.#endUnseen(sequel);
    else if (table.has(newest, ENDED)) this.#endAfter(newest, sequel);
    else this.#endOf(newest, sequel);
  }

  /**
   * A reading taken after the end, unless the whole process ended, can have been of another thread under the same tid:
   * it is taken back, and asked for once more.
   */
  finish(slot: number, r: TaskstatsRecord, when: When): void {
    const table = this.#table;
    const readings = this.#readings;
    const wasReadLater =
      table.seen[slot] === readings.scan && table.ageUs[slot]! > r.elapsedUs;
    readings.note(slot, r);
    readings.advance(slot, r);
    if (wasReadLater && r.isLast !== 1) {
      readings.retract(slot, r);
      // It was there before we watched, and was not read before.
      if (readings.scan === 1 && !table.has(slot, BORN)) readings.rebase(slot);
      const tid = table.tid[slot]!;
      this.#successions.question({ tid, pid: this.#pidOf(slot, tid) });
    }
    table.ageUs[slot] = r.elapsedUs;
    this.#noteLast(slot, r, when);
    readings.end(slot, r.exitCode);
  }

  /** The tid belonged to this life when it was last heard of. */
  #endOf(newest: number, sequel: Sequel): void {
    const { record, when } = sequel;
    // It may have begun after the message was sent, which is then of the life before it.
    const isYoung = this.#table.startHighNs[newest]! > when.beforeNs;
    const isIt = this.#readings.matching.canEnd(newest, record, when);
    if (isIt && !isYoung) return this.finish(newest, record, when);
    const lost = this.#successions.lostLife(sequel);
    if (lost >= 0 && lost !== newest) this.finish(lost, record, when);
    else if (isYoung) this.#endYoung(newest, sequel);
    else {
      this.#successions.lose(newest);
      this.#endUnseen(sequel);
    }
  }

  /** What was read of a life that no sample has told gives way to the message; who has the tid by now is asked again. */
  #endYoung(young: number, sequel: Sequel): void {
    const { tid, pid, record, when } = sequel;
    const main = this.#mainBefore(young, sequel);
    if (main >= 0) return this.#successions.add(main, sequel);
    const youngPid = this.#pidOf(young, tid);
    this.#successions.questionAnew({ tid, pid: youngPid });
    if (pid === youngPid) {
      this.#readings.restart(young, record, when);
      this.#endNew(young, sequel);
    } else {
      this.#endUnseen(sequel);
      this.#table.name(young);
    }
  }

  /**
   * The main thread, ended, in whose place somebody went on whose message this is, all before this life began; -1 if
   * there is none.
   */
  #mainBefore(young: number, { tid, record, when }: Sequel): number {
    const table = this.#table;
    const isOlder = startHighNs(record, when) < table.startLowNs[young]!;
    if (!isOlder) return -1;
    const slots = table.slots.subarray(0, table.liveCount);
    const main = slots.find(
      (slot) =>
        table.tid[slot] === tid &&
        table.has(slot, ENDED) &&
        this.#readings.matching.canEnd(slot, record, when) &&
        this.#canGoOn(slot, record),
    );
    return main ?? -1;
  }

  /** The tid belonged to this life, which had ended. */
  #endAfter(ended: number, sequel: Sequel): void {
    const { record, when } = sequel;
    const { matching } = this.#readings;
    const isIt = matching.canEnd(ended, record, when);
    if (isIt && matching.isUnheard(ended, record)) {
      this.#table.clear(ended, UNHEARD);
      this.#noteLast(ended, record, when);
      return;
    }
    if (isIt && this.#canGoOn(ended, record))
      return this.#successions.add(ended, sequel);
    const lost = isIt ? -1 : this.#successions.lostLife(sequel);
    if (lost >= 0) this.finish(lost, record, when);
    else this.#endUnseen(sequel);
  }

  /** Whether somebody can go on under the tid of this life, which has ended: in the place of a main thread. */
  #canGoOn(slot: number, r: TaskstatsRecord): boolean {
    // Before version 12 nothing tells when a process is over.
    if (Number.isNaN(r.isLast) || this.#successions.isOpen(slot)) return true;
    const { processes } = this.#readings;
    const index = this.#table.process[slot]!;
    const isMain = this.#table.tid[slot] === processes.pid[index];
    return isMain && !processes.isOver(index);
  }

  /** No scan saw this life. */
  #endUnseen(sequel: Sequel): void {
    const { tid, pid, record, when } = sequel;
    const home = this.#readings.processes.homeOfLate(tid, pid, record);
    const slot = this.#readings.begin(tid, pid, record, when, { home });
    this.#endNew(slot, sequel);
  }

  /** The message is the only record of this life. */
  #endNew(slot: number, { record, when }: Sequel): void {
    // It was there before we watched: what it did by then is not ours to tell.
    if (startHighNs(record, when) < this.#readings.watchNs)
      this.#readings.countFromHere(slot);
    this.finish(slot, record, when);
  }

  #noteLast(slot: number, r: TaskstatsRecord, when: When): void {
    if (r.isLast === 1) this.#table.set(slot, LAST);
    const index = this.#table.process[slot]!;
    this.#readings.processes.hearEnd(index, r, when.afterNs);
  }

  /** Of the process of a slot; a tid alone is taken for a process of one thread. */
  #pidOf(slot: number, tid: number): number {
    if (slot < 0) return tid;
    return this.#readings.processes.pid[this.#table.process[slot]!]!;
  }
}
