/** What is known of one record, asked of the tables only when a row of the decision table wants to know it. */
import { startHighNs, type Event } from "./event.ts";
import { GROUP_DEAD, NEW } from "./life-state.ts";
import type { Lives } from "./lives.ts";
import type { Rechecks } from "./rechecks.ts";
import type { Facts } from "./reconcile.ts";
import type { JournalEvent, TidJournal } from "./tid-journal.ts";

export class RecordFacts implements Facts {
  readonly #lives: Lives;
  readonly #journal: TidJournal;
  readonly #rechecks: Rechecks;
  #holder = -1;
  #event!: Event | JournalEvent;

  constructor(lives: Lives, journal: TidJournal, rechecks: Rechecks) {
    this.#lives = lives;
    this.#journal = journal;
    this.#rechecks = rechecks;
  }

  /** One object for all: it holds until the next call. */
  of(holder: number, event: Event | JournalEvent): this {
    this.#holder = holder;
    this.#event = event;
    return this;
  }

  /** It can be of the holder, or of a task that goes on under its tid: same process and start, nothing in it is lower. */
  get fits(): boolean {
    const { kind, record, window } = this.#event;
    const { match } = this.#lives;
    return kind === "answer"
      ? match.isSameLife(this.#holder, record, window)
      : match.canEnd(this.#holder, record, window);
  }

  /** It fits, and the task has not run since the holder's end. */
  get isUnchanged(): boolean {
    const { match } = this.#lives;
    return this.fits && match.isUnchanged(this.#holder, this.#event.record);
  }

  /** It was asked for before the last end under the tid, or that of its main thread, had been heard of. */
  get mayBeOlder(): boolean {
    const { tid, pid, window } = this.#event;
    const endNs = Math.max(
      this.#lives.table.endNs[this.#holder]!,
      this.#journal.lastEndNs(tid),
      this.#journal.lastEndNs(pid),
    );
    return endNs > window.beforeNs;
  }

  /** It is from before the holder's end, which was the first that was heard of a task that was there before we watched. */
  get isBaseline(): boolean {
    const { table, match, scan } = this.#lives;
    const { record, window } = this.#event;
    return (
      scan === 1 &&
      this.mayBeOlder &&
      !table.has(this.#holder, NEW) &&
      record.elapsedUs <= table.ageUs[this.#holder]! &&
      match.beganTogether(this.#holder, record, window)
    );
  }

  /** It does not fit, and nothing waits in the tid's journal. */
  get isOfAnother(): boolean {
    return !this.#journal.has(this.#event.tid) && !this.fits;
  }

  /** It answers a second question. */
  get isRechecked(): boolean {
    return this.#rechecks.wasAlive(this.#event.tid) !== undefined;
  }

  /** It fits, and a task can go on under the tid: the holder is the main thread of a living process. */
  get canGoOn(): boolean {
    const { tid, record } = this.#event;
    if (this.#journal.has(tid)) return true;
    const isMain = tid === this.#lives.processOf(this.#holder).pid;
    // Before version 12 nothing tells when a process is over.
    const isUnknown = Number.isNaN(record.isLast);
    return (isUnknown || (isMain && !this.#isAfter)) && this.fits;
  }

  /** It cannot be of a task that goes on in the place of the holder: that was no main thread, or of another process. */
  get isOfNextTask(): boolean {
    const { table, match } = this.#lives;
    const event = this.#event;
    // Nothing goes on under the tid of another thread than the main one.
    if (event.tid !== event.pid) return true;
    // From the journal: as it was when the event came.
    if ("process" in event)
      return event.process !== table.process[this.#holder];
    return (
      table.has(this.#holder, GROUP_DEAD) ||
      event.pid !== this.#lives.processOf(this.#holder).pid ||
      this.#isAfter ||
      !match.beganTogether(this.#holder, event.record, event.window)
    );
  }

  /** The holder's process is dead, and the task can have begun after that. */
  get #isAfter(): boolean {
    const { processes, table } = this.#lives;
    const { record, window } = this.#event;
    const startNs = startHighNs(window, record.elapsedUs);
    return processes.isOver(table.process[this.#holder]!, startNs);
  }

  /** It is a later reading of the holder itself: with memory it could be of a task whose message is still to come. */
  get isOfHolder(): boolean {
    const { match } = this.#lives;
    const { tid, record } = this.#event;
    return (
      this.fits &&
      match.hasName(this.#holder, record) &&
      match.canBecome(this.#holder, record) &&
      this.#lives.isWithoutMemory(tid, record)
    );
  }

  /** A thread of the holder's process is missing that can have become this one. */
  get fitsMissing(): boolean {
    return this.missingThread >= 0;
  }

  /** The slot of a thread of the holder's process that is missing and can have become this one; -1 if there is none. */
  get missingThread(): number {
    const { table, match } = this.#lives;
    const { record } = this.#event;
    const index = table.process[this.#holder]!;
    const found = this.#rechecks.missing.find(
      ({ slot }) =>
        slot >= 0 &&
        table.process[slot] === index &&
        match.canBecome(slot, record),
    );
    return found?.slot ?? -1;
  }
}
