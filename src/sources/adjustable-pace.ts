/** A pace that can be changed while samples are taken. */
import type { AlarmClock } from "../kernel/clock.ts";
import type { PaceControl } from "../model/controls.ts";
import { WakeableSleep } from "./wakeable-sleep.ts";

/** What has been asked for while an interval lasts. */
type Wish = "interval" | "now";

/** No interval is cut shorter than this: rates over less say little, and a key may repeat itself. */
const SHORTEST_NS = 100e6;

export class AdjustablePace implements PaceControl {
  #intervalMs: number;
  #wish: Wish | null = null;
  /** While a sample is taken, nobody sleeps. */
  readonly #sleep = new WakeableSleep();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  setIntervalMs(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#ask("interval");
  }

  sampleNow(): void {
    // While a sample is taken, it is the one that is wanted.
    if (this.#sleep.isAsleep) this.#ask("now");
  }

  #ask(wish: Wish): void {
    this.#wish = wish;
    this.#sleep.wake();
  }

  /**
   * When an interval ends that nobody has interfered with. What was missed, because the program was stopped or a sample
   * took long, is skipped.
   *
   * @param beganNs when it was to begin
   */
  endOf(beganNs: number, nowNs: number): number {
    this.#wish = null;
    const intervalNs = this.#intervalMs * 1e6;
    const missed = Math.ceil((nowNs - beganNs) / intervalNs);
    return beganNs + Math.max(1, missed) * intervalNs;
  }

  /** When it ends instead, because of what was asked for since the last call; null if nothing was. */
  takeWish(beganNs: number, nowNs: number): number | null {
    if (this.#wish === null) return null;
    const intervalNs = this.#intervalMs * 1e6;
    const lengthNs =
      this.#wish === "now" ? Math.min(SHORTEST_NS, intervalNs) : intervalNs;
    this.#wish = null;
    return Math.max(nowNs, beganNs + lengthNs);
  }

  /** Sleeps; wakes early if something is asked for, or when the signal aborts. */
  sleep(ms: number, clock: AlarmClock, signal: AbortSignal): Promise<void> {
    return this.#sleep.sleep(ms, clock, signal);
  }
}
