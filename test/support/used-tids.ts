/** Which tids can be used again. */
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

  /** A free one; undefined if there is none. */
  free(isInScan: boolean): number | undefined {
    const linux = this.#linux;
    if (!isInScan) linux.nowNs += REUSE_NS;
    for (const [tid, startNs] of this.#startOfTid)
      if (!linux.tasks.has(tid) && linux.nowNs - startNs >= REUSE_NS)
        return tid;
    return undefined;
  }
}
