/** How lives begin: what they count from, and which process they belong to. */
import type { Procfs } from "../kernel/procfs.ts";
import { startHighNs, type Event } from "./event.ts";
import { KERNEL_THREAD } from "./life-state.ts";
import type { Lives } from "./lives.ts";
import { processOfLateExit } from "./process-of-task.ts";
import type { JournalEvent } from "./tid-journal.ts";

export class Births {
  readonly #lives: Lives;
  readonly #procfs: Pick<Procfs, "isExiting">;
  /** Slots of zombies that this scan saw for the first time. */
  #foundDead: number[] = [];

  constructor(lives: Lives, procfs: Pick<Procfs, "isExiting">) {
    this.#lives = lives;
    this.#procfs = procfs;
  }

  /** @returns the slot of the new life */
  begin(event: Event): number {
    const lives = this.#lives;
    const { kind, tid, pid, record, window } = event;
    if (kind !== "exit" && kind !== "ended") return this.#beginLiving(event);
    const known = processOf(event);
    const process =
      known < 0 ? processOfLateExit(lives.processes, tid, pid, record) : known;
    const slot = lives.begin(event, process);
    // No answer has shown it.
    lives.table.readNs[slot] = 0;
    // It was there before we watched: what it did by then is not ours to report.
    if (startHighNs(window, record.elapsedUs) < lives.watchNs)
      lives.countFromHere(slot);
    lives.end(slot, record, window);
    return slot;
  }

  #beginLiving(event: Event): number {
    const lives = this.#lives;
    const { kind, tid, record, window } = event;
    const process =
      kind === "answer" ? this.#processOfDying(event) : processOf(event);
    const slot = lives.begin(event, process);
    const startedNs = startHighNs(window, record.elapsedUs);
    const isNew = startedNs >= lives.watchNs;
    if (isNew && startedNs >= lives.previousScanBeganNs) return slot;
    // Older than the last scan and new to us all the same: there before we watched, a zombie already reported, or missed
    // by a listing. A zombie has no memory any more.
    const isZombie =
      record.peakVirtualKiB === 0 &&
      !lives.table.has(slot, KERNEL_THREAD) &&
      this.#procfs.isExiting(tid) !== false;
    if (isNew && !isZombie) return slot;
    lives.countFromHere(slot);
    if (isZombie) {
      lives.end(slot, record, window);
      this.#foundDead.push(slot);
      lives.reportEnd(slot);
    }
    return slot;
  }

  /**
   * The process, dead already, of a thread that answers all the same: its process began before the last message of
   * that one was sent, or its own is still to come. Until that is sent the pid stays with the main thread, whose zombie
   * this scan has seen. -1 if there is none.
   */
  #processOfDying({ tid, pid, record, window }: Event): number {
    const { match, processes, scanBeganNs, table } = this.#lives;
    const main = table.find(pid);
    if (tid === pid || main < 0) return -1;
    const index = table.process[main]!;
    // The id may have been that of another process's thread.
    if (processes.at(index).pid !== pid) return -1;
    const isLeaderThere =
      table.readNs[main]! >= scanBeganNs &&
      match.hasLeader(main, record, window);
    const startNs = startHighNs(window, record.processElapsedUs);
    return processes.at(index).isDead &&
      (isLeaderThere || !processes.isOver(index, startNs))
      ? index
      : -1;
  }

  /**
   * The thread that called execve goes on under the tid of the main thread, which has ended.
   *
   * @param known its slot; -1: nobody saw it, so it began in this very interval and counts in full
   */
  exec(main: number, known: number, event: Event): number {
    const lives = this.#lives;
    if (known >= 0) {
      lives.takeOver(known, main, event.record);
      return known;
    }
    const slot = lives.beginAfter(main, event);
    if (lives.scan === 1) lives.countFromHere(slot);
    return slot;
  }

  /** The scan is over: a process of which it found nothing but its main thread, long dead, has no more threads. */
  settle(): void {
    for (const slot of this.#foundDead) {
      const process = this.#lives.processOf(slot);
      if (process.hasNoKnownThread) process.isDead = true;
    }
    this.#foundDead = [];
  }
}

/** As it was when the event came; -1: a new one, or not known. */
const processOf = (event: Event): number =>
  "process" in event ? (event as JournalEvent).process : -1;
