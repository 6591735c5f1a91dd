/** A sleep that something else can end. */
import type { AlarmClock } from "../kernel/clock.ts";

export class WakeableSleep {
  #wake: (() => void) | null = null;

  get isAsleep(): boolean {
    return this.#wake !== null;
  }

  wake(): void {
    this.#wake?.();
  }

  /** Wakes early if asked to, or when the signal aborts. */
  async sleep(
    ms: number,
    clock: AlarmClock,
    signal: AbortSignal,
  ): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#wake = wake;
    signal.addEventListener("abort", wake);
    await clock.sleep(ms, woken.signal);
    signal.removeEventListener("abort", wake);
    this.#wake = null;
  }
}
