/**
 * Which reading belongs to which life of which task: the rules that make every byte count exactly once.
 *
 * - Identity is the tid and the time of its start. A start is known as an interval: the age of a task (`ac_etime`) taken
 *   from the time before and after the request. Two readings whose intervals do not meet are two lives.
 * - What was there when watching began counts from there; a task that started later counts in full from its first sight.
 * - The kernel sends one exit message for every life, with its final counters. They replace a reading of the same
 *   interval. A second message for an ended life, or an answer of an ended life that is no zombie, means that an execve
 *   in another thread took the tid of the main thread: that thread vanishes without a message and goes on under the tid.
 * - Counters never go down: a lower one is left unread.
 */
import { copyRecord, type TaskstatsRecord } from "../kernel/taskstats.ts";
import { sinceOf } from "./deltas.ts";
import { startHighNs, type Readings, type When } from "./readings.ts";
import {
  BORN,
  DIRTY,
  ENDED,
  GONE,
  KERNEL_THREAD,
  RETIRED,
  ZOMBIE,
  type TaskTable,
} from "./table.ts";

/** A start known to less than this was measured by a scan; one from an exit message alone is as vague as the time between two drains. */
const SHARP_NS = 50e6;

/** Is a task on its way out: a zombie, or still giving back its memory? null: it is gone. */
export type IsExiting = (tid: number) => boolean | null;

/** An ended main thread's tid that answered, or ended, once more. */
interface Takeover {
  readonly tid: number;
  readonly pid: number;
  readonly record: TaskstatsRecord;
  readonly when: When;
  /** The record is an exit message. */
  readonly ended: boolean;
}

export class Lives {
  /** Tasks that ended without an exit message, since this was last set to 0. */
  vanished = 0;
  readonly #readings: Readings;
  readonly #table: TaskTable;
  readonly #isExiting: IsExiting;
  #watchNs = Infinity;
  #scanBeganNs = 0;
  #previousScanBeganNs = 0;
  #takeovers: Takeover[] = [];
  /** Slots whose task did not answer, and whose exit message may still come. */
  #gone: number[] = [];
  #goneUnseen: number[] = [];

  constructor(readings: Readings, isExiting: IsExiting) {
    this.#readings = readings;
    this.#table = readings.table;
    this.#isExiting = isExiting;
  }

  beginScan(nowNs: number): void {
    this.#readings.scan++;
    if (this.#readings.scan === 1) this.#watchNs = nowNs;
    this.#previousScanBeganNs = this.#scanBeganNs;
    this.#scanBeganNs = nowNs;
  }

  /** A task answered. */
  observe(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const slot = this.#table.find(tid);
    if (slot < 0) this.#firstSight(tid, pid, r, when);
    else if (!this.#readings.isSameLife(slot, r, when)) {
      this.#loseSight(slot);
      this.#readings.begin(tid, pid, r, when);
    } else if (this.#table.has(slot, ENDED))
      this.#observeEnded(slot, tid, pid, r, when);
    else this.#readings.read(slot, r, when);
  }

  /** A task did not answer (ESRCH). */
  miss(tid: number): void {
    const slot = this.#table.find(tid);
    if (slot < 0) this.#goneUnseen.push(tid);
    else this.#loseSight(slot);
  }

  /**
   * An exit message.
   *
   * @param pid of its process; NaN if the message does not say
   * @param when `beforeNs` is when the messages had last been drained to the end
   */
  end(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const newest = this.#table.find(tid);
    const slot = this.#lifeOf(tid, newest, r, when);
    if (slot >= 0 && !this.#table.has(slot, ENDED)) this.#finish(slot, r);
    else if (slot >= 0)
      this.#takeovers.push({
        tid,
        pid: this.#pidOf(slot, pid),
        record: copyRecord(r),
        when,
        ended: true,
      });
    else this.#endUnseen(tid, newest, Number.isNaN(pid) ? tid : pid, r, when);
  }

  /** Tids that this scan has not seen though they have not ended: they are to be asked one by one. */
  unseen(): number[] {
    const table = this.#table;
    const { processes, scan } = this.#readings;
    const tids: number[] = [];
    for (let i = 0; i < table.liveCount; i++) {
      const slot = table.slots[i]!;
      if (table.seen[slot] === scan) continue;
      if (processes.idleScan[table.process[slot]!] === scan) continue;
      if (!table.has(slot, ENDED | GONE)) tids.push(table.tid[slot]!);
    }
    return tids;
  }

  /** After a scan and the exit messages that came during it: settles what no message could tell alone. */
  settle(): void {
    for (const takeover of this.#takeovers) this.#settleTakeover(takeover);
    this.#takeovers = [];
    for (const slot of this.#gone) {
      if (!this.#table.has(slot, GONE)) continue;
      this.vanished++;
      this.#readings.end(slot, NaN);
    }
    this.#gone = [];
    for (const tid of this.#goneUnseen)
      if (this.#table.find(tid) < 0) this.vanished++;
    this.#goneUnseen = [];
  }

  /** A sample has told the end of this life. Zombies may still add some bytes, which are then told on their own. */
  retire(slot: number): void {
    const { processes } = this.#readings;
    if (this.#table.has(slot, RETIRED)) return;
    this.#table.set(slot, RETIRED);
    processes.leave(
      this.#table.process[slot]!,
      sinceOf(this.#table, slot, this.#readings.knowsWaits(slot)),
    );
    this.#readings.rebase(slot);
  }

  /** Gives back the slots of lives whose end was told and whose tid answers no more. */
  release(): void {
    const table = this.#table;
    const { processes, scan, tasks } = this.#readings;
    for (let i = table.liveCount - 1; i >= 0; i--) {
      const slot = table.slots[i]!;
      if (!table.has(slot, RETIRED) || table.has(slot, DIRTY)) continue;
      const isNewest = table.find(table.tid[slot]!) === slot;
      const isListed =
        table.seen[slot] === scan ||
        processes.idleScan[table.process[slot]!] === scan;
      if (isNewest && isListed) continue;
      tasks[slot] = undefined;
      table.remove(slot);
    }
  }

  #firstSight(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const readings = this.#readings;
    const slot = readings.begin(tid, pid, r, when);
    const startedNs = startHighNs(r, when);
    if (startedNs >= this.#watchNs && startedNs >= this.#previousScanBeganNs)
      return;
    // Older than the last scan and new to us all the same: there before we watched, a zombie already told, or missed by
    // a listing. A zombie has no memory any more.
    const isZombie =
      r.peakVirtualKiB === 0 &&
      !this.#table.has(slot, KERNEL_THREAD) &&
      this.#isExiting(tid) === true;
    if (startedNs >= this.#watchNs && !isZombie) return;
    readings.rebase(slot);
    this.#table.clear(slot, BORN);
    if (!isZombie) return;
    readings.end(slot, r.exitCode);
    this.#table.set(slot, ZOMBIE);
    this.retire(slot);
  }

  /** An answer under the tid of a life that has ended. */
  #observeEnded(
    slot: number,
    tid: number,
    pid: number,
    r: TaskstatsRecord,
    when: When,
  ): void {
    const table = this.#table;
    const hasRun =
      r.cpuCount !== table.cpuCount[slot] ||
      r.cpuRunNs !== table.cpuRunNs[slot];
    table.seen[slot] = this.#readings.scan;
    if (table.has(slot, ZOMBIE) && !hasRun) return;
    if (this.#isExiting(tid) === false) {
      const record = copyRecord(r);
      this.#takeovers.push({ tid, pid, record, when, ended: false });
      return;
    }
    table.set(slot, ZOMBIE);
    // Giving back its files can have read or cancelled something. With a vague start this could be another life's.
    if (table.startHighNs[slot]! - table.startLowNs[slot]! < SHARP_NS)
      this.#readings.read(slot, r, when);
  }

  #settleTakeover({ tid, pid, record, when, ended }: Takeover): void {
    const table = this.#table;
    const readings = this.#readings;
    const main = table.find(tid);
    if (main >= 0 && !table.has(main, ENDED)) {
      // Settled a moment ago by an earlier answer of the same thread.
      if (ended) this.#finish(main, record);
      else readings.read(main, record, when);
      return;
    }
    let slot = this.#gone.find(
      (gone) =>
        table.has(gone, GONE) &&
        readings.processes.pid[table.process[gone]!] === pid &&
        readings.canBecome(gone, record),
    );
    if (slot === undefined)
      // The thread began in this very interval: all that it did is new.
      slot = readings.begin(tid, pid, record, when, true);
    else {
      readings.takeOver(slot, tid, main, record);
      readings.read(slot, record, when);
    }
    if (ended) this.#finish(slot, record);
  }

  /** The exit message of a life that no scan saw. */
  #endUnseen(
    tid: number,
    newest: number,
    pid: number,
    r: TaskstatsRecord,
    when: When,
  ): void {
    const readings = this.#readings;
    const isOlder =
      newest >= 0 && startHighNs(r, when) < this.#table.startLowNs[newest]!;
    if (newest >= 0 && !isOlder) this.#loseSight(newest);
    const slot = readings.begin(tid, pid, r, when);
    if (isOlder) this.#table.name(newest);
    // It was there before we watched: what it did by then is not ours to tell.
    if (startHighNs(r, when) < this.#watchNs) readings.rebase(slot);
    readings.end(slot, r.exitCode);
  }

  /** Where final counters are below a reading of the same interval, that reading was of another task, unless it was of the zombie. */
  #finish(slot: number, r: TaskstatsRecord): void {
    this.#readings.note(slot, r);
    const isBehind = this.#readings.advance(slot, r);
    if (isBehind && this.#isExiting(this.#table.tid[slot]!) === false)
      this.#readings.retract(slot, r);
    this.#readings.end(slot, r.exitCode);
  }

  #loseSight(slot: number): void {
    if (this.#table.has(slot, ENDED | GONE)) return;
    this.#table.set(slot, GONE);
    this.#gone.push(slot);
  }

  /** The slot of the life that an exit message is about; -1 if it was never seen. */
  #lifeOf(tid: number, newest: number, r: TaskstatsRecord, when: When): number {
    const readings = this.#readings;
    if (newest >= 0 && readings.isSameLife(newest, r, when)) return newest;
    const older = this.#gone.find(
      (slot) =>
        this.#table.tid[slot] === tid &&
        this.#table.has(slot, GONE) &&
        readings.isSameLife(slot, r, when),
    );
    return older ?? -1;
  }

  #pidOf(slot: number, pid: number): number {
    if (!Number.isNaN(pid)) return pid;
    return this.#readings.processes.pid[this.#table.process[slot]!]!;
  }
}
