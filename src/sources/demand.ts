/** Whether something that costs is wanted: once somebody has asked for it, and for a while after. */
import type { Clock } from "../kernel/clock.ts";

/** Whoever looks, looks away and looks again pays for it once, and has no gap. */
const KEEP_NS = 10e9;

export class Demand {
  readonly #clock: Clock;
  #askedNs = -Infinity;
  /** Since the last sample: intervals may be longer than things are kept. */
  #isNew = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(): void {
    this.#askedNs = this.#clock.monotonicNs();
    this.#isNew = true;
  }

  get isOn(): boolean {
    return this.#isNew || this.#clock.monotonicNs() - this.#askedNs < KEEP_NS;
  }

  /** A sample has it by now, or begins without it. */
  markSampled(): void {
    this.#isNew = false;
  }
}
