/** How a reading enters the table: a life begins, goes on, ends. Which life it belongs to is decided in lives.ts. */
import type { Clock } from "../kernel/clock.ts";
import { commOf, type TaskstatsRecord } from "../kernel/taskstats.ts";
import { COUNTER_COUNT } from "./counters.ts";
import { Matching } from "./matching.ts";
import { ProcessTable } from "./processes.ts";
import { StartTimes } from "./start-times.ts";
import {
  BORN,
  ENDED,
  GONE,
  HAS_MEMORY,
  KERNEL_THREAD,
  TaskTable,
} from "./table.ts";
import { Task, type Identity } from "./task.ts";
import { Waits } from "./waits.ts";
import { startAboutNs, startHighNs, startLowNs, type When } from "./when.ts";

const KTHREADD = 2;

/** What else tells where a new life comes from. */
export interface From {
  /** Slot of the main thread whose place it took by an execve. */
  readonly main?: number;
  /** Index of its process; -1 if that was a new one when it was first heard of, or is not known. */
  readonly home?: number | undefined;
}

export class Readings {
  readonly table: TaskTable;
  readonly waits: Waits;
  readonly processes = new ProcessTable();
  readonly matching: Matching;
  /** The task object of each slot. */
  readonly tasks: (Task | undefined)[] = [];
  readonly starts: StartTimes;
  /** Slots that were read to have run since somebody emptied it; some of them more than once. */
  readonly ran: number[] = [];
  /** Number of the current scan; 1 is the baseline. */
  scan = 0;
  /** When watching began, monotonic. */
  watchNs = Infinity;
  /** Without CONFIG_TASK_DELAY_ACCT an answer does not show whether its task has run. */
  hasFingerprint = true;
  /** Kernels without CONFIG_TASK_XACCT say that nobody has memory. */
  #showsMemory = false;
  readonly #identity: Identity;

  constructor(pidMax: number, identity: Identity, clock: Clock) {
    this.table = new TaskTable(pidMax);
    this.waits = new Waits(this.table);
    this.matching = new Matching(this.table, this.processes);
    this.starts = new StartTimes(clock);
    this.#identity = identity;
  }

  /** A life seen for the first time, counted in full. */
  begin(
    tid: number,
    pid: number,
    r: TaskstatsRecord,
    when: When,
    { main = -1, home }: From = {},
  ): number {
    const { table, processes } = this;
    const before = table.find(tid);
    const beforeMs = before < 0 ? undefined : this.tasks[before]?.startMs;
    const slot = table.add(tid);
    table.process[slot] =
      main >= 0
        ? processes.joinAgain(table.process[main]!)
        : processes.join(pid, tid === pid, home);
    this.#enter(slot, r, when);
    if (main >= 0) this.#inherit(slot, main, r);
    else {
      const startMs = this.starts.next({
        tid,
        pid,
        process: table.process[slot]!,
        startNs: startAboutNs(r, when),
        readNs: when.afterNs,
        beforeMs,
      });
      this.tasks[slot] = this.#describe(slot, r, startMs, 0);
    }
    return slot;
  }

  /** The first record of a life that no sample has told was not what it seemed: this one takes its place. */
  restart(slot: number, r: TaskstatsRecord, when: When): void {
    this.table.ledger.close(slot);
    this.#enter(slot, r, when);
  }

  /** All that the first record of a life says. */
  #enter(slot: number, r: TaskstatsRecord, when: When): void {
    const { table } = this;
    table.startLowNs[slot] = startLowNs(r, when);
    table.startHighNs[slot] = startHighNs(r, when);
    table.ageUs[slot] = r.elapsedUs;
    table.previousAgeUs[slot] = NaN;
    table.readNs[slot] = when.beforeNs;
    table.previousReadNs[slot] = NaN;
    const at = slot * COUNTER_COUNT;
    for (let i = 0; i < COUNTER_COUNT; i++) {
      // An unknown counter stays unknown: NaN less anything is NaN.
      table.now[at + i] = r.counters[i]!;
    }
    table.ledger.openInFull(slot);
    this.waits.refuseImpossible(slot, r, null);
    table.set(slot, BORN);
    if (r.peakVirtualKiB === 0 && isOfKernel(table.tid[slot]!, r))
      table.set(slot, KERNEL_THREAD);
    this.#noteMemory(slot, r);
    this.note(slot, r);
    this.waits.note(slot);
    table.seen[slot] = this.scan;
    table.touch(slot);
  }

  /** One more answer of a life. One that has ended may have read or cancelled something, giving back its files. */
  read(slot: number, r: TaskstatsRecord, when: When): void {
    const { table } = this;
    const low = startLowNs(r, when);
    const high = startHighNs(r, when);
    if (low > table.startLowNs[slot]!) table.startLowNs[slot] = low;
    if (high < table.startHighNs[slot]!) table.startHighNs[slot] = high;
    if (table.seen[slot] !== this.scan) {
      table.seen[slot] = this.scan;
      table.previousAgeUs[slot] = table.ageUs[slot]!;
      table.previousReadNs[slot] = table.readNs[slot]!;
    }
    table.ageUs[slot] = r.elapsedUs;
    table.readNs[slot] = when.beforeNs;
    if (table.has(slot, GONE)) table.clear(slot, GONE);
    this.#noteMemory(slot, r);
    // Who has not run has not done anything.
    if (
      this.hasFingerprint &&
      r.cpuCount === table.cpuCount[slot] &&
      r.cpuRunNs === table.cpuRunNs[slot]
    )
      return;
    this.note(slot, r);
    this.advance(slot, r);
  }

  /** Raises the counters. A lower one is left unread; one that may be read no longer is unknown from then on. */
  advance(slot: number, r: TaskstatsRecord): void {
    const { table } = this;
    const at = slot * COUNTER_COUNT;
    let moved = false;
    this.waits.refuseImpossible(slot, r, table.now);
    for (let i = 0; i < COUNTER_COUNT; i++) {
      const value = r.counters[i]!;
      const now = table.now[at + i]!;
      const isLost = Number.isNaN(value) && !Number.isNaN(now);
      if (!(value > now) && !isLost) continue;
      if (!moved) table.ledger.open(slot, table.now);
      table.now[at + i] = value;
      moved = true;
    }
    if (!moved) return;
    this.waits.note(slot);
    table.touch(slot);
  }

  /** Takes back what a reading of this interval had raised above these counters. */
  retract(slot: number, r: TaskstatsRecord): void {
    const { table } = this;
    const page = table.ledger.open(slot, table.now);
    const { told } = table.ledger;
    const at = slot * COUNTER_COUNT;
    for (let i = 0; i < COUNTER_COUNT; i++) {
      const value = r.counters[i]!;
      if (value < table.now[at + i]!)
        table.now[at + i] = Math.max(value, told[page + i]!);
    }
  }

  /** @param exitCode as wait(2) encodes it; NaN if no message told it */
  end(slot: number, exitCode: number): void {
    const { table } = this;
    table.clear(slot, GONE);
    table.set(slot, ENDED);
    table.exitCode[slot] = exitCode;
    if (Number.isNaN(exitCode)) this.processes.missEnd(table.process[slot]!);
    this.tasks[slot]?.end();
    table.touch(slot);
  }

  /** An execve made this thread the main one: it goes on under the tid, and with the start, of the one before. */
  takeOver(slot: number, tid: number, main: number, r: TaskstatsRecord): void {
    const { table } = this;
    table.rename(slot, tid);
    table.clear(slot, GONE);
    table.seen[slot] = table.seen[main]!;
    table.startLowNs[slot] = table.startLowNs[main]!;
    table.startHighNs[slot] = table.startHighNs[main]!;
    this.#inherit(slot, main, r);
    table.touch(slot);
  }

  /** A life that was there before we watched: it is not new, and what it did by now is not ours to tell. */
  countFromHere(slot: number): void {
    this.rebase(slot);
    this.table.clear(slot, BORN);
  }

  /** What was done so far is not ours to tell, or has been told. */
  rebase(slot: number): void {
    this.table.ledger.close(slot);
  }

  #noteMemory(slot: number, r: TaskstatsRecord): void {
    if (r.peakVirtualKiB > 0) {
      this.table.set(slot, HAS_MEMORY);
      this.#showsMemory = true;
    } else this.table.clear(slot, HAS_MEMORY);
  }

  /** A task that ends gives its memory back right after its exit message. */
  isWithoutMemory(tid: number, r: TaskstatsRecord): boolean {
    return this.#showsMemory && r.peakVirtualKiB === 0 && !isOfKernel(tid, r);
  }

  /** Name, owner, parent, and the fingerprint of having run. */
  note(slot: number, r: TaskstatsRecord): void {
    const { table } = this;
    this.ran.push(slot);
    table.cpuCount[slot] = r.cpuCount;
    table.cpuRunNs[slot] = r.cpuRunNs;
    const task = this.tasks[slot];
    if (task !== undefined) {
      task.ppid = r.ppid;
      task.uid = r.uid;
    }
    if (this.matching.hasName(slot, r)) return;
    const { comm } = table;
    const at = slot * 4;
    comm[at] = r.comm0;
    comm[at + 1] = r.comm1;
    comm[at + 2] = r.comm2;
    comm[at + 3] = r.comm3;
    if (task !== undefined) task.comm = commOf(r);
  }

  /** Who takes the place of a main thread has, for the kernel, its start. */
  #inherit(slot: number, main: number, r: TaskstatsRecord): void {
    const { startMs, precursors } = this.tasks[main]!;
    this.tasks[slot] = this.#describe(slot, r, startMs, precursors + 1);
  }

  #describe(
    slot: number,
    r: TaskstatsRecord,
    startMs: number,
    precursors: number,
  ): Task {
    const { table, processes } = this;
    const index = table.process[slot]!;
    return new Task(
      {
        tid: table.tid[slot]!,
        pid: processes.pid[index]!,
        process: processes.nameIfNew(index, startMs),
        ppid: r.ppid,
        startMs,
        precursors,
        comm: commOf(r),
        uid: r.uid,
        isKernelThread: table.has(slot, KERNEL_THREAD),
      },
      this.#identity,
    );
  }
}

const isOfKernel = (tid: number, { ppid }: TaskstatsRecord): boolean =>
  ppid === KTHREADD || tid === KTHREADD;
