/**
 * How lives change: a record begins one, is of one, ends one; a sample shows it, and it leaves the table. Which life a
 * record is of is decided in reconcile.ts.
 */
import type { Clock } from "../kernel/clock.ts";
import { commOf, inKernel, type TaskstatsRecord } from "../kernel/taskstats.ts";
import { DelayAccounting } from "./delay-accounting.ts";
import {
  startAboutNs,
  startHighNs,
  startLowNs,
  type Event,
  type ReadWindow,
} from "./event.ts";
import { LifeMatch } from "./life-match.ts";
import {
  DELAYS_UNSURE,
  DIRTY,
  ENDED,
  GROUP_DEAD,
  KERNEL_THREAD,
  MISSING,
  NEW,
  REPORTED,
} from "./life-state.ts";
import { LifeTable } from "./life-table.ts";
import { ProcessTable } from "./process-table.ts";
import type { Process } from "./process.ts";
import { StartTimes } from "./start-times.ts";
import { Task, type TaskFactReader } from "./task.ts";

export class Lives {
  readonly table: LifeTable;
  readonly processes = new ProcessTable();
  readonly match: LifeMatch;
  readonly delays: DelayAccounting;
  readonly #starts: StartTimes;
  /** Slots that were read to have run since somebody emptied it; some of them more than once. */
  readonly ran: number[] = [];
  /** The current scan, the first one being the baseline; when watching, it and the one before began, monotonic. */
  scan = 0;
  watchNs = Infinity;
  scanBeganNs = 0;
  previousScanBeganNs = 0;
  /** Without CONFIG_TASK_DELAY_ACCT an answer does not show whether its task has run. */
  hasFingerprint = true;
  /** Kernels without CONFIG_TASK_XACCT say that nobody has memory. */
  #showsMemory = false;
  readonly #details: TaskFactReader;

  constructor(pidMax: number, details: TaskFactReader, clock: Clock) {
    this.table = new LifeTable(pidMax);
    this.match = new LifeMatch(this.table, this.processes);
    this.delays = new DelayAccounting(this.table);
    this.#starts = new StartTimes(clock);
    this.#details = details;
  }

  beginScan(nowNs: number): void {
    if (++this.scan === 1) this.watchNs = nowNs;
    this.previousScanBeganNs = this.scanBeganNs;
    this.scanBeganNs = nowNs;
  }

  /**
   * A life seen for the first time, counted in full.
   *
   * @param process its index; -1 if that was a new one when it was first heard of, or is not known
   */
  begin({ tid, pid, record, window }: Event, process: number): number {
    const { table, processes } = this;
    const before = table.find(tid);
    const beforeMs = before < 0 ? undefined : table.task[before]?.startMs;
    const slot = table.add(tid);
    table.process[slot] = processes.addThread(pid, tid === pid, process);
    this.#enter(slot, record, window);
    const startMs = this.#starts.next({
      tid,
      pid,
      process: table.process[slot]!,
      startNs: startAboutNs(window, record.elapsedUs),
      readNs: window.afterNs,
      beforeMs,
    });
    this.#describe(slot, record, { startMs, execCount: 0 });
    return slot;
  }

  /** The same for a thread that took the place of this main one by an execve. */
  beginAfter(main: number, { tid, record, window }: Event): number {
    const { table, processes } = this;
    const slot = table.add(tid);
    table.process[slot] = processes.addThreadTo(table.process[main]!);
    this.#enter(slot, record, window);
    this.#inherit(slot, main, record);
    return slot;
  }

  /** All that the first record of a life says. */
  #enter(slot: number, r: TaskstatsRecord, window: ReadWindow): void {
    const { table } = this;
    table.startLowNs[slot] = startLowNs(window, r.elapsedUs);
    table.startHighNs[slot] = startHighNs(window, r.elapsedUs);
    table.ageUs[slot] = r.elapsedUs;
    table.previousAgeUs[slot] = NaN;
    table.readNs[slot] = window.beforeNs;
    table.previousReadNs[slot] = NaN;
    table.counters.begin(slot, r.counters);
    this.delays.refuseImpossible(slot, r, true);
    table.set(slot, NEW);
    if (r.peakVirtualKiB === 0 && inKernel(table.tid[slot]!, r))
      table.set(slot, KERNEL_THREAD);
    if (r.peakVirtualKiB > 0) this.#showsMemory = true;
    this.#note(slot, r);
    this.delays.note(slot);
    table.seen[slot] = this.scan;
    table.touch(slot);
  }

  /** One more answer of a life, or of its zombie: giving back its files, it may have read or cancelled something. */
  read(slot: number, r: TaskstatsRecord, window: ReadWindow): void {
    const { table } = this;
    const low = startLowNs(window, r.elapsedUs);
    const high = startHighNs(window, r.elapsedUs);
    if (low > table.startLowNs[slot]!) table.startLowNs[slot] = low;
    if (high < table.startHighNs[slot]!) table.startHighNs[slot] = high;
    if (table.seen[slot] !== this.scan) {
      table.seen[slot] = this.scan;
      table.previousAgeUs[slot] = table.ageUs[slot]!;
      table.previousReadNs[slot] = table.readNs[slot]!;
    }
    table.ageUs[slot] = r.elapsedUs;
    table.readNs[slot] = window.beforeNs;
    if (table.has(slot, MISSING)) table.clear(slot, MISSING);
    // Who has not run has not done anything.
    if (!this.hasFingerprint || !this.match.isUnchanged(slot, r))
      this.advance(slot, r);
  }

  /** An exit message, or another record that shows the end of its task; what it says was read before. */
  end(slot: number, r: TaskstatsRecord, window: ReadWindow): void {
    const { table } = this;
    if (r.isLast === 1) table.set(slot, GROUP_DEAD);
    this.processes.hearExit(table.process[slot]!, r, window);
    table.ageUs[slot] = r.elapsedUs;
    table.endNs[slot] = window.afterNs;
    table.exitCode[slot] = r.exitCode;
    this.#end(slot);
  }

  /** A life is over, and no message said so. */
  vanish(slot: number): void {
    this.processOf(slot).goesOn = false;
    this.#end(slot);
  }

  #end(slot: number): void {
    const { table } = this;
    table.clear(slot, MISSING);
    table.set(slot, ENDED);
    table.task[slot]?.end();
    table.touch(slot);
  }

  /** Name, owner and counters, as a record of a life shows them that is not the first one. */
  advance(slot: number, r: TaskstatsRecord): void {
    const { table } = this;
    this.#note(slot, r);
    this.delays.refuseImpossible(slot, r, false);
    if (!table.counters.raise(slot, r.counters)) return;
    this.delays.note(slot);
    table.touch(slot);
  }

  /** An execve made this thread the main one: it goes on under the tid, and with the start, of the one before. */
  takeOver(slot: number, main: number, r: TaskstatsRecord): void {
    const { table } = this;
    table.rename(slot, table.tid[main]!);
    table.clear(slot, MISSING);
    table.seen[slot] = table.seen[main]!;
    table.startLowNs[slot] = table.startLowNs[main]!;
    table.startHighNs[slot] = table.startHighNs[main]!;
    this.#inherit(slot, main, r);
    table.touch(slot);
  }

  /** A life that was there before we watched: it is not new, and what it did by now is not ours to report. */
  countFromHere(slot: number): void {
    this.table.counters.rebaseline(slot);
    this.table.clear(slot, NEW);
  }

  /** A sample has shown all that was read by now. */
  markReported(): void {
    const { table } = this;
    for (const slot of table.dirty) {
      table.counters.markReported(slot);
      if (table.has(slot, ENDED)) this.reportEnd(slot);
      table.clear(slot, DIRTY | NEW | DELAYS_UNSURE);
    }
    table.dirty.length = 0;
  }

  /** A sample has shown the end of this life. What it still does on its way out is reported on its own, later. */
  reportEnd(slot: number): void {
    const { delays, processes, table } = this;
    const isFirst = !table.has(slot, REPORTED);
    processes.leave(table.process[slot]!, isFirst, () => ({
      since: table.counters.sinceBaseline(slot, delays.areKnown(slot)),
      lifetime: table.counters.lifetime(slot),
    }));
    table.set(slot, REPORTED);
    table.counters.rebaseline(slot);
  }

  /** Gives back the slots of lives whose end was reported and whose tid answers no more. */
  release(): void {
    const { processes, scan, table } = this;
    this.#starts.forget();
    for (let i = table.liveCount - 1; i >= 0; i--) {
      const slot = table.slots[i]!;
      if (!table.has(slot, REPORTED) || table.has(slot, DIRTY)) continue;
      if (this.isPresent(slot)) continue;
      const isSeen = table.seen[slot] === scan;
      if (isSeen && this.processOf(slot).hasNoKnownThread) continue;
      processes.release(table.process[slot]!);
      table.remove(slot);
    }
  }

  /** Whether it is the latest life under its tid, and was there in this scan. */
  isPresent(slot: number): boolean {
    const { processes, scan, table } = this;
    if (table.find(table.tid[slot]!) !== slot) return false;
    if (table.seen[slot] === scan) return true;
    // It may have been given to an earlier process of the same pid.
    const latest = processes.find(this.processOf(slot).pid);
    return processes.activity.unlistedScan[latest] === scan;
  }

  processOf(slot: number): Process {
    return this.processes.at(this.table.process[slot]!);
  }

  /** A task that ends gives its memory back right after its exit message. */
  isWithoutMemory(tid: number, r: TaskstatsRecord): boolean {
    return this.#showsMemory && r.peakVirtualKiB === 0 && !inKernel(tid, r);
  }

  /** Name, owner, parent, and the fingerprint of having run. */
  #note(slot: number, r: TaskstatsRecord): void {
    const { table } = this;
    this.ran.push(slot);
    table.cpuCount[slot] = r.cpuCount;
    table.cpuRunNs[slot] = r.cpuRunNs;
    const task = table.task[slot];
    if (task !== undefined) {
      task.ppid = r.ppid;
      task.uid = r.uid;
    }
    if (this.match.hasName(slot, r)) return;
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
    const { startMs, execCount } = this.table.task[main]!;
    this.#describe(slot, r, { startMs, execCount: execCount + 1 });
  }

  #describe(
    slot: number,
    r: TaskstatsRecord,
    since: Pick<Task, "startMs" | "execCount">,
  ): void {
    const { table } = this;
    const process = this.processOf(slot);
    if (Number.isNaN(process.startMs)) process.startMs = since.startMs;
    table.task[slot] = new Task(
      {
        ...since,
        tid: table.tid[slot]!,
        process,
        ppid: r.ppid,
        comm: commOf(r),
        uid: r.uid,
        isKernelThread: table.has(slot, KERNEL_THREAD),
      },
      this.#details,
    );
  }
}
