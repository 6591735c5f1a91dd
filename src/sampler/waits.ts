/** What is known of the time that tasks waited: since when the kernel counts, and which of its counts cannot be. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { WAIT_PLACES } from "../model/counters.ts";
import { COUNTER_COUNT } from "./counters.ts";
import { WAITS_UNSURE, type TaskTable } from "./table.ts";

/** /proc tells waits in steps of 10 ms. */
const WAIT_STEP_NS = 10e6;

export class Waits {
  /**
   * Tasks that started later than this, monotonic ns, have their waits counted from the beginning: a task that started
   * while kernel.task_delayacct was off never has.
   */
  knownSinceNs = Infinity;
  readonly #table: TaskTable;

  constructor(table: TaskTable) {
    this.#table = table;
  }

  /** Whether the waits of this life are known, now and from its beginning. */
  areKnown(slot: number): boolean {
    const table = this.#table;
    if (table.has(slot, WAITS_UNSURE)) return false;
    return table.startHighNs[slot]! >= this.knownSinceNs || this.#any(slot);
  }

  /** A task that has a wait counted shows since when, at the latest, the kernel counts. */
  note(slot: number): void {
    const startNs = this.#table.startHighNs[slot]!;
    if (startNs < this.knownSinceNs && this.#any(slot))
      this.knownSinceNs = startNs;
  }

  /**
   * Now and then the kernel adds a wait that began before time did: it wakes a task before it has noted when that fell
   * asleep, and counts from 0, the boot. No wait is longer than its task is old: such a jump is not counted, and the
   * waits of the interval are unknown.
   *
   * @param before the counters as last read, or null for a life that is new
   */
  refuseImpossible(
    slot: number,
    r: TaskstatsRecord,
    before: Float64Array | null,
  ): void {
    for (let i = 0; i < WAIT_PLACES.length; i++)
      this.#refuse(slot, WAIT_PLACES[i]!, r, before);
  }

  #refuse(
    slot: number,
    counter: number,
    r: TaskstatsRecord,
    before: Float64Array | null,
  ): void {
    const to = r.counters[counter]!;
    const from = before === null ? 0 : before[slot * COUNTER_COUNT + counter]!;
    const limitNs = r.elapsedUs * 1000 + WAIT_STEP_NS;
    if (to - from > limitNs) this.#skip(slot, counter, from, to);
  }

  /** Raises a counter without counting it: what is told, and what will be, stays. */
  #skip(slot: number, counter: number, from: number, to: number): void {
    const { now, ledger } = this.#table;
    const page = ledger.open(slot, now) + counter;
    now[slot * COUNTER_COUNT + counter] = to;
    ledger.told[page]! += to - from;
    ledger.base[page]! += to - from;
    this.#table.set(slot, WAITS_UNSURE);
    this.#table.touch(slot);
  }

  #any(slot: number): boolean {
    const { now } = this.#table;
    const at = slot * COUNTER_COUNT;
    return WAIT_PLACES.some((wait) => now[at + wait]! > 0);
  }
}
