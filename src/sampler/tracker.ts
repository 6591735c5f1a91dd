/**
 * Follows the lives of all tasks through the scans: every record that comes is given to a life by the table in
 * reconcile.ts, and what the table says is done here.
 */
import type { Procfs } from "../kernel/procfs.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { Births } from "./births.ts";
import type { Event, ReadWindow } from "./event.ts";
import { ENDED, GROUP_DEAD, MISSING } from "./life-state.ts";
import type { LifeTable } from "./life-table.ts";
import type { Lives } from "./lives.ts";
import { processOfLateExit, processFor } from "./process-of-task.ts";
import { Rechecks, type Recheck } from "./rechecks.ts";
import { decide } from "./reconcile.ts";
import { RecordFacts } from "./record-facts.ts";
import { TidJournal, type JournalEvent } from "./tid-journal.ts";
import { describeDecision, describeVanished, type Trace } from "./trace.ts";

export class TaskTracker {
  readonly #lives: Lives;
  readonly #table: LifeTable;
  readonly #births: Births;
  readonly #journal = new TidJournal();
  readonly #rechecks: Rechecks;
  readonly #facts: RecordFacts;
  /** Processes in which a thread may have called execve since their threads were asked. */
  readonly #execed = new Set<number>();
  readonly #trace: Trace | null;
  #strangers: number[] = [];
  #vanished = 0;

  constructor(
    lives: Lives,
    procfs: Pick<Procfs, "isExiting">,
    trace: Trace | null = null,
  ) {
    this.#trace = trace;
    this.#lives = lives;
    this.#table = lives.table;
    this.#rechecks = new Rechecks(lives.table, procfs);
    this.#births = new Births(lives, procfs);
    this.#facts = new RecordFacts(lives, this.#journal, this.#rechecks);
  }

  /**
   * A task answered; all exit messages that were sent before are known.
   *
   * @param askedPid its process, unless the tid is used again by now
   */
  answer(
    tid: number,
    askedPid: number,
    record: TaskstatsRecord,
    window: ReadWindow,
  ): void {
    const slot = this.#table.find(tid);
    // By far the commonest row of the table.
    const isSame =
      slot >= 0 &&
      !this.#table.has(slot, ENDED) &&
      this.#lives.match.isSameLife(slot, record, window);
    if (isSame) return this.#lives.read(slot, record, window);
    const pid = Number.isNaN(record.tgid) ? askedPid : record.tgid;
    this.#judge(slot, { kind: "answer", tid, pid, record, window });
  }

  /** @param window `beforeNs` is when the messages had last been taken to the end */
  exit(tid: number, record: TaskstatsRecord, window: ReadWindow): void {
    // Over before watching began.
    if (this.#lives.scan === 0) return;
    const slot = this.#table.find(tid);
    // A tid alone is taken for a process of one thread.
    const known = slot < 0 ? tid : this.#lives.processOf(slot).pid;
    const pid = Number.isNaN(record.tgid) ? known : record.tgid;
    const { processes } = this.#lives;
    const before = processes.find(pid);
    this.#judge(slot, { kind: "exit", tid, pid, record, window });
    if (processes.find(pid) !== before) this.#strangers.push(pid);
  }

  /** There is no such task any more (ESRCH). */
  noAnswer(tid: number, pid: number): void {
    const slot = this.#table.find(tid);
    if (slot < 0) this.#rechecks.addMissing({ tid, pid, slot });
    else if (this.#journal.lose(tid)) this.#rechecks.forget(pid);
    else this.#miss(slot);
  }

  /** Tasks that this scan has not seen though they have not ended: they are to be asked one by one. */
  unseen(): readonly Recheck[] {
    const table = this.#table;
    const { processes, scan } = this.#lives;
    const { unlistedScan } = processes.activity;
    const found: Recheck[] = [];
    for (let i = 0; i < table.liveCount; i++) {
      const slot = table.slots[i]!;
      if (table.seen[slot] === scan) continue;
      if (unlistedScan[table.process[slot]!] === scan) continue;
      if (table.has(slot, ENDED | MISSING)) continue;
      const { pid } = this.#lives.processOf(slot);
      found.push({ tid: table.tid[slot]!, pid });
    }
    return found;
  }

  /**
   * Whom to ask once more, each once unless more was heard of it: to be called, and the exit messages drained, until it
   * is empty. What is left after many rounds is asked in the next scan.
   */
  rechecks(): readonly Recheck[] {
    const table = this.#table;
    // A thread that vanished without a message may go on under the tid of a main thread that ended before its process.
    const gone = this.#journal.latest().filter(({ kind }) => kind === "gone");
    for (const { pid } of [...this.#rechecks.missing, ...gone]) {
      const main = table.find(pid);
      if (main >= 0 && table.has(main, ENDED) && !table.has(main, GROUP_DEAD))
        this.#rechecks.ask(pid, pid);
    }
    // Which thread called execve: whichever still answers is not the one, if it is asked after that.
    const count = this.#execed.size === 0 ? 0 : table.liveCount;
    for (const slot of table.slots.subarray(0, count)) {
      if (!this.#execed.has(table.process[slot]!)) continue;
      if (table.has(slot, ENDED | MISSING)) continue;
      const { pid } = this.#lives.processOf(slot);
      this.#rechecks.askAgain(table.tid[slot]!, pid);
    }
    for (const { tid, pid, process } of this.#journal.latest())
      if (tid !== pid && this.#execed.has(process))
        this.#rechecks.askAgain(tid, pid);
    this.#execed.clear();
    return this.#rechecks.take();
  }

  /** After all second answers: the journals are replayed. */
  reconcile(): void {
    for (const events of this.#journal.replay()) {
      let holder = this.#table.find(events[0]!.tid);
      for (const event of events) holder = this.#judge(holder, event);
    }
    const { missing } = this.#rechecks;
    for (const { tid, slot } of missing) {
      this.#trace?.write(describeVanished(tid, slot));
      if (slot >= 0) this.#lives.vanish(slot);
    }
    // Who is gone at the baseline, and sent no message, had ended before.
    if (this.#lives.scan > 1) this.#vanished += missing.length;
    this.#journal.clear();
    this.#rechecks.clear();
    this.#lives.processes.dropReservations();
    this.#births.settle();
  }

  /** Processes of which nothing was known until one of their tasks ended, since this was last asked. */
  takeStrangers(): readonly number[] {
    const strangers = this.#strangers;
    this.#strangers = [];
    return strangers;
  }

  /** Tasks that ended without an exit message, since this was last asked. */
  takeVanished(): number {
    const vanished = this.#vanished;
    this.#vanished = 0;
    return vanished;
  }

  /** @returns the slot of the life that holds the tid from now on */
  #judge(holder: number, event: Event): number {
    const table = this.#table;
    const state =
      holder < 0 ? "none" : table.has(holder, ENDED) ? "ended" : "live";
    const { tid, pid, kind, window } = event;
    const row = decide(state, kind, this.#facts.of(holder, event));
    this.#trace?.write(describeDecision(event, holder, row));
    switch (row[3]) {
      case "begin":
        if (holder >= 0) this.#miss(holder);
        return this.#births.begin(event);
      case "same":
        this.#apply(holder, event);
        return holder;
      case "exec": {
        const known = this.#facts.missingThread;
        if (known < 0) this.#rechecks.takeUnseen(pid);
        const slot = this.#births.exec(holder, known, event);
        this.#apply(slot, event);
        return slot;
      }
      case "baseline":
        table.counters.baselineAt(holder, event.record.counters);
        table.touch(holder);
        return holder;
      case "seen":
        table.readNs[holder] = window.beforeNs;
        table.seen[holder] = this.#lives.scan;
        return holder;
      case "recheck":
        table.seen[holder] = this.#lives.scan;
        this.#rechecks.askAgain(tid, pid);
        return holder;
      case "journal":
        if (kind === "answer") table.seen[holder] = this.#lives.scan;
        this.#addToJournal(holder, event);
        return holder;
      case "missing":
        this.#miss(holder);
        return holder;
      case "nothing":
        return holder;
    }
  }

  #addToJournal(holder: number, event: Event): void {
    const { tid, pid, record, window } = event;
    const { processes } = this.#lives;
    let kind: JournalEvent["kind"] = "ended";
    if (event.kind === "exit") this.#rechecks.askAgain(tid, pid);
    // It may have ended since.
    else if (this.#lives.isWithoutMemory(tid, record)) kind = "dying";
    else kind = this.#rechecks.wasAlive(tid) === true ? "alive" : "dying";
    const index = this.#table.process[holder]!;
    if (kind !== "dying") this.#execed.add(index).add(processes.find(pid));
    const isMain = tid === pid;
    const isNext = this.#facts.isOfNextTask;
    let process = isNext ? this.#processOfNext(tid, pid) : index;
    if (process < 0 && kind === "ended") {
      const dead = processOfLateExit(processes, tid, pid, record);
      process = dead < 0 ? processes.announce(pid) : dead;
    }
    if (process >= 0 && isMain && isNext && kind !== "dying")
      processes.reserveLeader(process);
    // After the last thread's, a message is of another process.
    if (process >= 0 && kind === "ended")
      processes.hearExit(process, record, window);
    this.#journal.add({ ...event, kind, process });
  }

  /** The message that comes after an answer is of the task that answered. */
  #processOfNext(tid: number, pid: number): number {
    const before = this.#journal.latestOf(tid);
    return before?.kind === "alive" && before.pid === pid && before.process >= 0
      ? before.process
      : processFor(this.#lives.processes, pid, tid === pid);
  }

  /** A task that has not ended does not answer under its tid. */
  #miss(slot: number): void {
    if (this.#table.has(slot, ENDED | MISSING)) return;
    const { pid } = this.#lives.processOf(slot);
    this.#rechecks.addMissing({ tid: this.#table.tid[slot]!, pid, slot });
  }

  #apply(slot: number, { kind, record, window }: Event): void {
    if (kind !== "exit" && kind !== "ended")
      return this.#lives.read(slot, record, window);
    this.#lives.advance(slot, record);
    this.#lives.end(slot, record, window);
  }
}
