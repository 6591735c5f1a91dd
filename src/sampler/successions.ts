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
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import type { Readings } from "./readings.ts";
import { BORN, ENDED, GONE, LAST, type TaskTable } from "./table.ts";
import type { When } from "./when.ts";

/** A tid, of a process, to be asked. */
export interface Question {
  readonly tid: number;
  readonly pid: number;
}

/** An answer, or an exit message, under the tid of a life that has ended. */
export interface Sequel extends Question {
  readonly record: TaskstatsRecord;
  readonly when: When;
  readonly says: "ended" | "alive" | "exiting";
}

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

  /** The slot of a lost life that `isIt` recognises; -1 if there is none. */
  findLost(isIt: (slot: number) => boolean): number {
    const found = this.#gone.find(
      (slot) => this.#table.has(slot, GONE) && isIt(slot),
    );
    return found ?? -1;
  }

  /** Somebody is to be asked once more before the scan is settled. */
  question(question: Question): void {
    this.#questions.push(question);
  }

  /** Whether a tid belonged to a living task before it was asked once more; undefined if it was not. */
  wasAlive(tid: number): boolean | undefined {
    return this.#wasAlive.get(tid);
  }

  /** @param slot of the life that ended */
  add(slot: number, sequel: Sequel): void {
    // Who has the tid by now is to be asked too.
    if (sequel.says === "ended") this.#wasAlive.delete(sequel.tid);
    const chain = this.#sequels.get(slot);
    if (chain === undefined) this.#sequels.set(slot, [sequel]);
    else chain.push(sequel);
  }

  /** Whom to ask, each at most once in a scan: to be called, and the exit messages drained, until it is empty. */
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
    }
    const lost = this.#gone.filter((slot) => this.#table.has(slot, GONE));
    for (const slot of lost) this.#readings.end(slot, NaN);
    const unheard = this.#goneUnseen.filter(
      ({ tid }) => this.#table.find(tid) < 0,
    );
    this.#sequels.clear();
    this.#gone = [];
    this.#goneUnseen = [];
    this.#wasAlive.clear();
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

  /** Threads of processes in which one took over: who of them still answers is not the one. */
  #candidates(): readonly Question[] {
    const table = this.#table;
    const indexes = new Set<number>();
    for (const [slot, chain] of this.#sequels)
      if (chain.some(({ says }) => says !== "exiting"))
        indexes.add(table.process[slot]!);
    if (indexes.size === 0) return [];
    return Array.from(table.slots.subarray(0, table.liveCount))
      .filter(
        (slot) =>
          indexes.has(table.process[slot]!) && !table.has(slot, ENDED | GONE),
      )
      .map((slot) => ({
        tid: table.tid[slot]!,
        pid: this.#readings.processes.pid[table.process[slot]!]!,
      }));
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
    const seen = says === "ended" ? this.#seenBefore(newest, sequel) : -1;
    if (seen >= 0) slot = seen;
    else if (table.has(holder, ENDED)) {
      if (says === "exiting") {
        if (readings.isSameTask(holder, record))
          readings.readEnded(holder, record, when);
        return holder;
      }
      table.name(holder);
      // Who calls execve stays in the process, and the process goes on.
      const index = table.process[holder]!;
      const isOther =
        table.has(holder, LAST) ||
        pid !== readings.processes.pid[index] ||
        readings.processes.wasOver(index, when.beforeNs);
      slot = isOther
        ? this.#rules.firstSight(tid, pid, record, when)
        : this.#succeed(holder, sequel);
      if (newest >= 0 && newest !== holder) table.name(newest);
    }
    if (says === "ended") this.#rules.finish(slot, record, when);
    else readings.read(slot, record, when);
    return slot;
  }

  /**
   * The slot of a life that was seen after its message was taken for one of the life before; it may be lost by now, for
   * another one has the tid. -1 if there is none.
   */
  #seenBefore(newest: number, { tid, record, when }: Sequel): number {
    const table = this.#table;
    const isIt = (slot: number): boolean =>
      table.tid[slot] === tid && this.#readings.canEnd(slot, record, when);
    const isNewest = newest >= 0 && !table.has(newest, ENDED) && isIt(newest);
    return isNewest ? newest : this.findLost(isIt);
  }

  /** The thread that called execve, under the tid of the main thread. */
  #succeed(holder: number, { tid, pid, record, when }: Sequel): number {
    const table = this.#table;
    const readings = this.#readings;
    const known = this.findLost(
      (slot) =>
        table.process[slot] === table.process[holder] &&
        readings.canBecome(slot, record),
    );
    if (known >= 0) {
      readings.takeOver(known, tid, holder, record);
      return known;
    }
    const unseen = this.#goneUnseen.findIndex(
      (lost) => lost.pid === pid && table.find(lost.tid) < 0,
    );
    if (unseen >= 0) this.#goneUnseen.splice(unseen, 1);
    const slot = readings.begin(tid, pid, record, when, holder);
    if (readings.scan === 1) {
      // It was there before we watched.
      readings.rebase(slot);
      table.clear(slot, BORN);
    }
    return slot;
  }
}

/** Messages that were sent before an answer can be drained after it: ages tell. */
function inOrder(chain: readonly Sequel[]): readonly Sequel[] {
  const ordered: Sequel[] = [];
  for (const sequel of chain) {
    const at =
      sequel.says === "ended"
        ? ordered.findIndex(
            ({ says, record }) =>
              says !== "ended" && record.elapsedUs > sequel.record.elapsedUs,
          )
        : -1;
    ordered.splice(at < 0 ? ordered.length : at, 0, sequel);
  }
  return ordered;
}
