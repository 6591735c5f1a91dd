/** Time that passes only when a test lets it: nothing waits, and every moment is exact. */
import type { AlarmClock } from "../../src/kernel/clock.ts";

/** No timer of the runtime holds more: one that is longer fires at once. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

interface Sleeper {
  readonly dueNs: number;
  wake(): void;
}

export class FakeClock implements AlarmClock {
  #nowNs = 0;
  /** In the order in which they fell asleep. */
  readonly #sleepers = new Set<Sleeper>();

  /** Since the beginning, ms. */
  get nowMs(): number {
    return this.#nowNs / 1e6;
  }
  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  monotonicNs(): number {
    return this.#nowNs;
  }
  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > LONGEST_SLEEP_MS) throw new Error(`no timer holds ${ms} ms`);
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        dueNs: this.#nowNs + ms * 1e6,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake);
    });
  }

  /** Work that takes so long: nobody wakes meanwhile, and who should have is late. */
  spend(ms: number): void {
    this.#nowNs += ms * 1e6;
  }

  /** Lets so much time pass. Each sleeper wakes at its time and does all that it can. */
  async advance(ms: number): Promise<void> {
    const endNs = this.#nowNs + ms * 1e6;
    await turn();
    for (;;) {
      const next = this.#next();
      if (next === null || next.dueNs > endNs) break;
      await this.#wake(next);
    }
    this.#nowNs = Math.max(this.#nowNs, endNs);
  }

  /** Lets time pass until the work is done: whenever somebody sleeps, and nobody can do anything else, it is later. */
  async passDuring<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    for (;;) {
      await turn();
      if (isDone) return work;
      const next = this.#next();
      if (next !== null) await this.#wake(next);
    }
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#nowNs = Math.max(this.#nowNs, sleeper.dueNs);
    sleeper.wake();
    await turn();
  }

  /** The one that wakes first. */
  #next(): Sleeper | null {
    let next: Sleeper | null = null;
    for (const sleeper of this.#sleepers)
      if (next === null || sleeper.dueNs < next.dueNs) next = sleeper;
    return next;
  }
}

/** Resolves when everybody who waits for a promise that is settled has gone on. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));
