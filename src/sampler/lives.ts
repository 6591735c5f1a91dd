/**
 * Which reading belongs to which life of which task: the rules that make every byte count exactly once.
 *
 * - Identity is the tid and the time of its start. A start is known as an interval: the age of a task (`ac_etime`) taken
 *   from the time before and after the request. Two readings whose intervals do not meet, or of which the later one shows
 *   a younger task, are of two lives; so are two of different processes.
 * - What was there when watching began counts from there; a task that started later counts in full from its first sight.
 * - The kernel sends one exit message for every life: see endings.ts.
 * - After an execve in another thread the tid of the main thread answers for that thread, which goes on under it with the
 *   same start, while its own tid vanishes without a message: see successions.ts.
 * - Counters never go down: a lower one is left unread.
 */
import type { Procfs } from "../kernel/procfs.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import type { IoDelta } from "../model/sample.ts";
import { lifetimeOf, sinceOf } from "./deltas.ts";
import { Endings } from "./endings.ts";
import type { From, Readings } from "./readings.ts";
import type { Question } from "./sequels.ts";
import { Successions } from "./successions.ts";
import {
  DIRTY,
  ENDED,
  GONE,
  KERNEL_THREAD,
  LAST,
  RETIRED,
  UNHEARD,
  type TaskTable,
} from "./table.ts";
import { startHighNs, type When } from "./when.ts";

export class Lives {
  /** Tasks that ended without an exit message, since this was last set to 0. */
  vanished = 0;
  readonly #readings: Readings;
  readonly #table: TaskTable;
  readonly #procfs: Pick<Procfs, "isExiting">;
  readonly #successions: Successions;
  readonly #endings: Endings;
  /** Slots of zombies that this scan saw for the first time. */
  #foundDead: number[] = [];
  #scanBeganNs = 0;
  #previousScanBeganNs = 0;

  constructor(readings: Readings, procfs: Pick<Procfs, "isExiting">) {
    this.#readings = readings;
    this.#table = readings.table;
    this.#procfs = procfs;
    this.#successions = new Successions(readings, {
      isExiting: (tid) => procfs.isExiting(tid),
      finish: (slot, r, when) => this.#endings.finish(slot, r, when),
      firstSight: (tid, pid, r, when, from) =>
        this.#firstSight(tid, pid, r, when, from),
    });
    this.#endings = new Endings(readings, this.#successions);
  }

  beginScan(nowNs: number): void {
    this.#readings.scan++;
    if (this.#readings.scan === 1) this.#readings.watchNs = nowNs;
    this.#previousScanBeganNs = this.#scanBeganNs;
    this.#scanBeganNs = nowNs;
  }

  /** A task answered. */
  observe(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const slot = this.#table.find(tid);
    if (slot < 0) this.#begin(tid, pid, r, when);
    else if (!this.#readings.matching.isSameLife(slot, r, when)) {
      this.#successions.lose(slot);
      this.#begin(tid, pid, r, when);
    } else if (this.#table.has(slot, ENDED))
      this.#observeEnded(slot, tid, pid, r, when);
    else this.#readings.read(slot, r, when);
  }

  /** A task did not answer (ESRCH). */
  miss(tid: number, pid: number): void {
    const slot = this.#table.find(tid);
    if (slot < 0) this.#successions.loseUnseen({ tid, pid });
    else this.#successions.lose(slot);
  }

  /** An exit message; the parameters are those of `Endings.hear`. */
  end(tid: number, r: TaskstatsRecord, when: When): void {
    // Over before watching began.
    if (this.#readings.scan === 0) return;
    this.#endings.hear(tid, r, when);
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

  /** After a scan and the exit messages that came during it: whom to ask once more; see `Successions.questions`. */
  questions(): readonly Question[] {
    return this.#successions.questions();
  }

  /** After all questions are answered. */
  settle(): void {
    const vanished = this.#successions.settle();
    for (const slot of this.#foundDead) this.#closeDead(slot);
    this.#foundDead = [];
    // Who is gone at the baseline, and sent no message, had ended before.
    if (this.#readings.scan > 1) this.vanished += vanished;
  }

  /** A process of which a scan has found nothing but its main thread, long dead: who joins it later is of the next one. */
  #closeDead(slot: number): void {
    const { processes } = this.#readings;
    const index = this.#table.process[slot]!;
    if (this.#table.has(slot, UNHEARD) && processes.isBetweenThreads(index))
      processes.close(index, this.#scanBeganNs);
  }

  /** A sample has told the end of this life. What it still did on its way out is told on its own, later. */
  retire(slot: number): void {
    const { processes } = this.#readings;
    const index = this.#table.process[slot]!;
    const since = (): IoDelta =>
      sinceOf(this.#table, slot, this.#readings.waits.areKnown(slot));
    if (this.#table.has(slot, RETIRED)) processes.addRetired(index, since);
    else processes.leave(index, since, () => lifetimeOf(this.#table, slot));
    this.#table.set(slot, RETIRED);
    this.#readings.rebase(slot);
  }

  /** Gives back the slots of lives whose end was told and whose tid answers no more. */
  release(): void {
    const table = this.#table;
    const { processes, scan, starts, tasks } = this.#readings;
    starts.forget();
    for (let i = table.liveCount - 1; i >= 0; i--) {
      const slot = table.slots[i]!;
      if (!table.has(slot, RETIRED) || table.has(slot, DIRTY)) continue;
      const isNewest = table.find(table.tid[slot]!) === slot;
      const index = table.process[slot]!;
      const isSeen = table.seen[slot] === scan;
      // It may be in the books of an earlier process of the same pid.
      const mayAnswer =
        isSeen || !processes.wasListed(processes.pid[index]!, scan);
      if (isNewest && mayAnswer) continue;
      if (isSeen && processes.isBetweenThreads(index)) continue;
      tasks[slot] = undefined;
      processes.release(index);
      table.remove(slot);
    }
  }

  /** Who answers is new, unless it is a thread on its way out, heard of after the last one of its process. */
  #begin(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const home = this.#homeOfDying(tid, pid, r, when);
    this.#firstSight(tid, pid, r, when, { home });
  }

  /**
   * The process, over already, of a thread that answers all the same: its message is still to come. Until it is sent the
   * pid stays with the main thread, whose zombie this scan has seen. -1 if there is none.
   */
  #homeOfDying(
    tid: number,
    pid: number,
    r: TaskstatsRecord,
    when: When,
  ): number {
    const table = this.#table;
    const { matching, processes } = this.#readings;
    const main = table.find(pid);
    if (tid === pid || main < 0) return -1;
    const index = table.process[main]!;
    const isIt =
      processes.isOver(index) &&
      table.readNs[main]! >= this.#scanBeganNs &&
      matching.hasLeader(main, r, when);
    return isIt ? index : -1;
  }

  #firstSight(
    tid: number,
    pid: number,
    r: TaskstatsRecord,
    when: When,
    from?: From,
  ): number {
    const readings = this.#readings;
    const slot = readings.begin(tid, pid, r, when, from);
    const startedNs = startHighNs(r, when);
    const isNew = startedNs >= readings.watchNs;
    if (isNew && startedNs >= this.#previousScanBeganNs) return slot;
    // Older than the last scan and new to us all the same: there before we watched, a zombie already told, or missed by
    // a listing. A zombie has no memory any more.
    const isZombie =
      r.peakVirtualKiB === 0 &&
      !this.#table.has(slot, KERNEL_THREAD) &&
      this.#procfs.isExiting(tid) !== false;
    if (isNew && !isZombie) return slot;
    readings.countFromHere(slot);
    if (isZombie) {
      this.#endings.finish(slot, r, when);
      this.#table.set(slot, UNHEARD);
      this.#foundDead.push(slot);
      this.retire(slot);
    }
    return slot;
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
    table.seen[slot] = this.#readings.scan;
    const hasRun =
      r.cpuCount !== table.cpuCount[slot] ||
      r.cpuRunNs !== table.cpuRunNs[slot];
    if (!hasRun) {
      table.readNs[slot] = when.beforeNs;
      return;
    }
    if (table.has(slot, LAST) && this.#isTooOldForNext(slot, r, when))
      return this.#readings.read(slot, r, when);
    const wasAlive = this.#successions.wasAlive(tid);
    if (wasAlive === undefined) {
      this.#successions.question({ tid, pid });
      return;
    }
    // It may have ended since.
    const isAlive = wasAlive && !this.#readings.isWithoutMemory(tid, r);
    this.#successions.add(slot, {
      tid,
      pid,
      record: r,
      when,
      says: isAlive ? "alive" : "exiting",
    });
  }

  /** Who has the tid after this life began after its end: an answer that began before is of its zombie. */
  #isTooOldForNext(slot: number, r: TaskstatsRecord, when: When): boolean {
    const { startLowNs, ageUs } = this.#table;
    return startHighNs(r, when) < startLowNs[slot]! + ageUs[slot]! * 1000;
  }
}
