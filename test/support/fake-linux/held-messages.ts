/** Messages that are held up on their way: no longer than the sampler takes for possible. */
import type { FakeLinux } from "./fake-linux.ts";
import type { FakeProcess } from "./fake-linux-tasks.ts";
import { REUSE_NS } from "./used-tids.ts";

/** Less than EXIT_LAG_NS; no whole number of ms, so that a few µs more or less decide nothing. */
const LONGEST_LAG_NS = 0.9005e9;

/**
 * A thread that no scan has seen is not held up for longer while its process ends: by the ages of the two it is then of
 * another process that had the pid.
 */
const LONGEST_UNSEEN_LAG_NS = 90e6;

export class HeldMessages {
  readonly #linux: FakeLinux;

  constructor(linux: FakeLinux) {
    this.#linux = linux;
  }

  /** What would else be held up for longer than the sampler takes for possible. */
  sendBefore(aheadMs: number): void {
    const linux = this.#linux;
    for (const task of linux.tasks.values())
      if (
        task.hasEnded &&
        linux.nowNs + (aheadMs + REUSE_NS / 1e6) * 1e6 >
          task.endNs + LONGEST_LAG_NS
      )
        task.sendExit();
  }

  /** See LONGEST_UNSEEN_LAG_NS. */
  sendUnseen({ tasks }: FakeProcess): void {
    const { nowNs } = this.#linux;
    for (const task of tasks)
      if (!task.isTold && nowNs > task.endNs + LONGEST_UNSEEN_LAG_NS)
        task.sendExit();
  }
}
