/**
 * What is known of the time that one task waited: since when the kernel counts, and which of its counts cannot be.
 * Whether the kernel counts at all now is read in host-reader.ts; sampler.ts hands it on.
 */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { WAIT_PLACES } from "../model/counters.ts";
import { DELAYS_UNSURE } from "./life-state.ts";
import type { LifeTable } from "./life-table.ts";

/** /proc tells waits in steps of 10 ms. */
const WAIT_STEP_NS = 10e6;

export class DelayAccounting {
  /**
   * Tasks that started later than this, monotonic ns, have their waits counted from the beginning: a task that started
   * while kernel.task_delayacct was off never has.
   */
  countedSinceNs = Infinity;
  readonly #table: LifeTable;

  constructor(table: LifeTable) {
    this.#table = table;
  }

  /** Whether the waits of this life are known, now and from its beginning. */
  areKnown(slot: number): boolean {
    const table = this.#table;
    if (table.has(slot, DELAYS_UNSURE)) return false;
    return table.startHighNs[slot]! >= this.countedSinceNs || this.#any(slot);
  }

  /** A task that has a wait counted shows since when, at the latest, the kernel counts. */
  note(slot: number): void {
    const startNs = this.#table.startHighNs[slot]!;
    if (startNs < this.countedSinceNs && this.#any(slot))
      this.countedSinceNs = startNs;
  }

  /**
   * Now and then the kernel adds a wait that began before time did: it wakes a task before it has noted when that fell
   * asleep, and counts from 0, the boot. No wait is longer than its task is old: such a jump is not counted, and the
   * waits of the interval are unknown.
   *
   * @param isFirst a life that is new: nothing of it was counted before
   */
  refuseImpossible(slot: number, r: TaskstatsRecord, isFirst: boolean): void {
    const { counters } = this.#table;
    for (const counter of WAIT_PLACES) {
      const toNs = r.counters[counter]!;
      const fromNs = isFirst ? 0 : counters.current(slot, counter);
      if (!(toNs - fromNs > r.elapsedUs * 1000 + WAIT_STEP_NS)) continue;
      counters.skip(slot, counter, fromNs, toNs);
      this.#table.set(slot, DELAYS_UNSURE);
      this.#table.touch(slot);
    }
  }

  #any(slot: number): boolean {
    const { counters } = this.#table;
    for (const counter of WAIT_PLACES)
      if (counters.current(slot, counter) > 0) return true;
    return false;
  }
}
