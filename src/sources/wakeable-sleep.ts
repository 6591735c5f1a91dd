/** A sleep that something else can end. */
import { whenAborted, type AlarmClock } from "../kernel/clock.ts";

export class WakeableSleep {
  /** A new one after each time that it was used. */
  #woken = new AbortController();
  #isAsleep = false;

  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  wake(): void {
    if (this.#isAsleep) this.#woken.abort();
  }

  /** Wakes early if asked to, or when the signal aborts. */
  async sleep(
    ms: number,
    clock: AlarmClock,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#woken.signal.aborted) this.#woken = new AbortController();
    this.#isAsleep = true;
    const forget = whenAborted(signal, () => this.wake());
    await clock.sleep(ms, this.#woken.signal);
    forget();
    this.#isAsleep = false;
  }
}
