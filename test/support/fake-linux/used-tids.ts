/** Which tids the tasks of a history get: the next one, or one that was used before. */
import type { FakeLinux } from "./fake-linux.ts";

/** The pid counter has to go all the way round before a tid comes again: no machine does that in less. */
export const REUSE_NS = 100e6;

export class UsedTids {
  readonly #linux: FakeLinux;
  /** Tids that have been used, longest ago first, and when their last task began. */
  readonly #startOfTid = new Map<number, number>();

  constructor(linux: FakeLinux) {
    this.#linux = linux;
  }

  use(tid: number): void {
    this.#startOfTid.delete(tid);
    this.#startOfTid.set(tid, this.#linux.nowNs);
  }

  /** The one whose turn it is. */
  next(): number {
    const { pids } = this.#linux;
    let tid = pids.next();
    while (this.#isFresh(tid)) tid = pids.next(tid);
    return tid;
  }

  /** One that was used, and is free; undefined if there is none. */
  free(isInScan: boolean): number | undefined {
    const linux = this.#linux;
    if (!isInScan) linux.nowNs += REUSE_NS;
    for (const tid of this.#startOfTid.keys())
      if (linux.pids.isFree(tid) && !this.#isFresh(tid)) return tid;
    return undefined;
  }

  /**
   * Before a tid comes again, all ids up to it have been given out. Three of those who had them stand for all: the first
   * one, the last one, and one half way.
   */
  comeRoundTo(tid: number): void {
    const { pids } = this.#linux;
    const others = [this.next(), pids.halfWayTo(tid), pids.before(tid)];
    for (const id of new Set(others))
      if (id !== tid && !this.#isFresh(id)) this.#comeAndGo(id);
  }

  #comeAndGo(tid: number): void {
    const task = this.#linux.fork(1, tid);
    this.#linux.exit(task);
    this.#linux.reap(task.process);
    this.use(tid);
  }

  #isFresh(tid: number): boolean {
    const startNs = this.#startOfTid.get(tid) ?? -Infinity;
    return this.#linux.nowNs - startNs < REUSE_NS;
  }
}
