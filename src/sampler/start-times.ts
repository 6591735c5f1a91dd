/** When lives began, as the outside knows it: Unix time, and no two lives of a tid with the same. */
import type { Clock } from "../kernel/clock.ts";

/** Less than any label shows: lives of one tid that began in the same millisecond are still apart. */
const NEXT_LIFE_MS = 0.001;

export class StartTimes {
  readonly #clock: Clock;
  /** By tid: the last one given since they were last forgotten. */
  readonly #newestMs = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param startNs about when it began, monotonic
   * @param beforeMs when the life before it under the same tid began, if that is still known
   * @returns Unix time, ms
   */
  next(tid: number, startNs: number, beforeMs: number | undefined): number {
    const agoMs = (this.#clock.monotonicNs() - startNs) / 1e6;
    const startMs = Math.max(
      Math.round(this.#clock.wallMs() - agoMs),
      NEXT_LIFE_MS + (beforeMs ?? -Infinity),
      NEXT_LIFE_MS + (this.#newestMs.get(tid) ?? -Infinity),
    );
    this.#newestMs.set(tid, startMs);
    return startMs;
  }

  /** After a sample: who begins from now on began later than all that it shows. */
  forget(): void {
    this.#newestMs.clear();
  }
}
