/**
 * What no single message can tell: who vanished without one, and who goes on under the tid of a life that has ended.
 *
 * - Its zombie, which may still have done a little on its way out.
 * - After an execve in another thread: that thread, with all it did before, whose own tid vanished without a message. If
 *   no slot of the process can be that thread, it began in this very interval and counts in full.
 * - After the whole process ended: a new process, where the start of the old one is known too vaguely to tell them apart.
 *
 * All this is settled at the end of a scan, once everybody in question was asked once more.
 */
import { copyRecord, type TaskstatsRecord } from "../kernel/taskstats.ts";
import type { From, Readings } from "./readings.ts";
import { inOrder, type Question, type Sequel } from "./sequels.ts";
import { ENDED, GONE, LAST, type TaskTable } from "./table.ts";
import type { When } from "./when.ts";

/** How lives begin and end otherwise. */
interface Rules {
  /** Is a task on its way out: a zombie, or still giving back its memory? null: it is gone. */
  isExiting(tid: number): boolean | null;
  finish(slot: number, record: TaskstatsRecord, when: When): void;
  /** @returns its slot */
  firstSight(
    tid: number,
    pid: number,
    record: TaskstatsRecord,
    when: When,
    from: From,
  ): number;
}

export class Successions {
  readonly #readings: Readings;
  readonly #table: TaskTable;
  readonly #rules: Rules;
  /** Slots whose task did not answer, and whose exit message may still come. */
  #gone: number[] = [];
  /** Listed, but gone before any answer. */
  #goneUnseen: Question[] = [];
  /** By the slot of the life that ended first, in the order in which they came. */
  readonly #sequels = new Map<number, Sequel[]>();
  #questions: Question[] = [];
  /** Tids that were asked once more in this scan: whether they belonged to a living task before that. */
  readonly #wasAlive = new Map<number, boolean>();
  /** Processes in which a thread may have taken over since their threads were asked. */
  readonly #takenOver = new Set<number>();

  constructor(readings: Readings, rules: Rules) {
    this.#readings = readings;
    this.#table = readings.table;
    this.#rules = rules;
  }

  /** A task that has not ended does not answer under its tid. */
  lose(slot: number): void {
    if (this.#table.has(slot, ENDED | GONE)) return;
    this.#table.set(slot, GONE);
    this.#gone.push(slot);
  }

  loseUnseen(question: Question): void {
    this.#goneUnseen.push(question);
  }

  /** The slot of a life that answers no more, and that a message can be about; -1 if there is none. */
  lostLife({ tid, record, when }: Sequel): number {
    return this.#findLost(
      (slot) =>
        this.#table.tid[slot] === tid &&
        this.#readings.matching.canEnd(slot, record, when),
    );
  }

  #findLost(isIt: (slot: number) => boolean): number {
    const found = this.#gone.find(
      (slot) => this.#table.has(slot, GONE) && isIt(slot),
    );
    return found ?? -1;
  }

  /** Somebody is to be asked once more before the scan is settled. */
  question(question: Question): void {
    this.#questions.push(question);
  }

  /** The same, though the tid was asked once more already: a message has come since. */
  questionAnew(question: Question): void {
    this.#wasAlive.delete(question.tid);
    this.question(question);
  }

  /** Whether a tid belonged to a living task before it was asked once more; undefined if it was not. */
  wasAlive(tid: number): boolean | undefined {
    return this.#wasAlive.get(tid);
  }

  /** @param slot of the life that ended */
  add(slot: number, sequel: Sequel): void {
    // Who has the tid by now is to be asked too.
    if (sequel.says === "ended") this.questionAnew(sequel);
    const { tid, pid, record, when, says } = sequel;
    const { processes } = this.#readings;
    if (says !== "exiting")
      this.#takenOver.add(this.#table.process[slot]!).add(processes.find(pid));
    const home = processes.homeOf(pid, tid === pid);
    if (home >= 0 && tid === pid) processes.claim(home);
    // After the last thread's, a message is of another process.
    if (home >= 0 && says === "ended")
      processes.hearEnd(home, record, when.afterNs);
    // The record is overwritten by the next one.
    const kept = { ...sequel, record: copyRecord(record), home };
    const chain = this.#sequels.get(slot);
    if (chain === undefined) this.#sequels.set(slot, [kept]);
    else chain.push(kept);
  }

  /** Whether anything came of who goes on after this life that is not settled. */
  isOpen(slot: number): boolean {
    return this.#sequels.has(slot);
  }

  /**
   * Whom to ask, each once unless its tid came in question again: to be called, and the exit messages drained, until it is
   * empty. What is left after many rounds is asked in the next scan.
   */
  questions(): readonly Question[] {
    const questions = [
      ...this.#questions,
      ...this.#mainThreads(),
      ...this.#candidates(),
    ];
    this.#questions = [];
    return questions.filter(({ tid }) => {
      if (this.#wasAlive.has(tid)) return false;
      this.#wasAlive.set(tid, this.#rules.isExiting(tid) === false);
      return true;
    });
  }

  /** @returns how many tasks ended without a message */
  settle(): number {
    for (const [slot, chain] of this.#sequels) {
      let holder = slot;
      const sequels = inOrder(chain);
      const last = sequels.findLastIndex(({ says }) => says !== "exiting");
      for (const [i, sequel] of sequels.entries())
        holder = this.#continue(holder, sequel, i < last);
      this.#keepTid(holder);
    }
    const lost = this.#gone.filter((slot) => this.#table.has(slot, GONE));
    for (const slot of lost) this.#readings.end(slot, NaN);
    const unheard = this.#goneUnseen.filter(
      ({ tid }) => this.#table.find(tid) < 0,
    );
    this.#sequels.clear();
    this.#readings.processes.dropClaims();
    this.#gone = [];
    this.#goneUnseen = [];
    this.#wasAlive.clear();
    this.#takenOver.clear();
    return lost.length + unheard.length;
  }

  /** Who vanished without a message may go on under the tid of a main thread that ended before its process. */
  #mainThreads(): readonly Question[] {
    const table = this.#table;
    const { processes } = this.#readings;
    const pids = [
      ...this.#gone
        .filter((slot) => table.has(slot, GONE))
        .map((slot) => processes.pid[table.process[slot]!]!),
      ...this.#goneUnseen.map(({ pid }) => pid),
    ];
    return pids
      .filter((pid) => {
        const main = table.find(pid);
        return main >= 0 && table.has(main, ENDED) && !table.has(main, LAST);
      })
      .map((pid) => ({ tid: pid, pid }));
  }

  /**
   * Threads of processes in which one took over: who of them still answers is not the one. An answer from before that
   * says nothing, so they are asked after each time.
   */
  #candidates(): readonly Question[] {
    const table = this.#table;
    const candidates: Question[] = [];
    const count = this.#takenOver.size === 0 ? 0 : table.liveCount;
    for (const slot of table.slots.subarray(0, count)) {
      const index = table.process[slot]!;
      if (!this.#takenOver.has(index) || table.has(slot, ENDED | GONE))
        continue;
      const tid = table.tid[slot]!;
      this.#wasAlive.delete(tid);
      candidates.push({ tid, pid: this.#readings.processes.pid[index]! });
    }
    this.#takenOver.clear();
    return candidates;
  }

  /** A life that goes on under a tid is the one to be found: of two, the other one is lost. */
  #keepTid(slot: number): void {
    const table = this.#table;
    const newest = table.find(table.tid[slot]!);
    if (newest === slot || table.has(slot, ENDED)) return;
    if (newest >= 0 && !table.has(newest, ENDED)) this.lose(slot);
    else table.name(slot);
  }

  /** @returns the slot of the life that holds the tid from now on */
  #continue(holder: number, sequel: Sequel, isSuperseded: boolean): number {
    const table = this.#table;
    const readings = this.#readings;
    const { tid, pid, record, when, says } = sequel;
    // What an answer showed, a later one or the exit message shows too.
    if (says !== "ended" && isSuperseded) return holder;
    // The tid may have been used again since.
    const newest = table.find(tid);
    let slot = holder;
    // Whoever has the tid now had it last.
    const last = isSuperseded ? -1 : newest;
    const seen = says === "ended" ? this.#seenBefore(last, sequel) : -1;
    if (seen >= 0) slot = seen;
    else if (table.has(holder, ENDED)) {
      // Who calls execve stays in the process, and the process goes on.
      const index = table.process[holder]!;
      const isOther =
        table.has(holder, LAST) ||
        pid !== readings.processes.pid[index] ||
        readings.processes.wasOver(index, when.beforeNs);
      if (says === "exiting") {
        const isHolder = readings.matching.isSameTask(holder, record);
        if (isHolder) readings.read(holder, record, when);
        if (isHolder || isOther || this.#lostThread(holder, record) < 0)
          return holder;
      }
      table.name(holder);
      slot = isOther ? this.#begin(sequel) : this.#succeed(holder, sequel);
      if (newest >= 0 && newest !== holder) table.name(newest);
    }
    if (says === "ended") this.#rules.finish(slot, record, when);
    else readings.read(slot, record, when);
    return slot;
  }

  /** A new life under the tid. */
  #begin({ tid, pid, record, when, says, home = -1 }: Sequel): number {
    const { processes } = this.#readings;
    const isUnknown = home < 0 && says === "ended";
    return this.#rules.firstSight(tid, pid, record, when, {
      home: isUnknown ? processes.homeOfLate(tid, pid, record) : home,
    });
  }

  /**
   * The slot of a life that was seen on its way out, or lost, after its message was taken for one of the life before; -1
   * if there is none.
   */
  #seenBefore(last: number, { tid, record, when }: Sequel): number {
    const table = this.#table;
    const { matching } = this.#readings;
    // With its memory a task may all the same have been on its way out.
    const isExiting = this.#wasAlive.get(tid) === false;
    const isIt = (slot: number): boolean =>
      table.tid[slot] === tid &&
      matching.canEnd(slot, record, when) &&
      (isExiting || !matching.hasOutlived(slot, when));
    const isLast = last >= 0 && !table.has(last, ENDED) && isIt(last);
    return isLast ? last : this.#findLost(isIt);
  }

  /** The slot of a thread of the main one's process that answers no more, and can be who answers in its place; or -1. */
  #lostThread(main: number, record: TaskstatsRecord): number {
    const table = this.#table;
    return this.#findLost(
      (slot) =>
        table.process[slot] === table.process[main] &&
        this.#readings.matching.canBecome(slot, record),
    );
  }

  /** The thread that called execve, under the tid of the main thread. */
  #succeed(holder: number, { tid, pid, record, when }: Sequel): number {
    const table = this.#table;
    const readings = this.#readings;
    const known = this.#lostThread(holder, record);
    if (known >= 0) {
      readings.takeOver(known, tid, holder, record);
      return known;
    }
    const unseen = this.#goneUnseen.findIndex(
      (lost) => lost.pid === pid && table.find(lost.tid) < 0,
    );
    if (unseen >= 0) this.#goneUnseen.splice(unseen, 1);
    const slot = readings.begin(tid, pid, record, when, { main: holder });
    if (readings.scan === 1) readings.countFromHere(slot);
    return slot;
  }
}
