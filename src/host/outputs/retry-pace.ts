/** When an output that has asked for a retry is called again. */
import type { AlarmClock } from "../../kernel/clock.ts";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** What an output may ask for itself. */
const LEAST_ASKED_MS = 100;
const MOST_ASKED_MS = 3_600_000;

export class RetryPace {
  readonly #clock: AlarmClock;
  readonly #begun = Promise.withResolvers<void>();
  readonly #hurry = new AbortController();
  #failures = 0;

  constructor(clock: AlarmClock) {
    this.#clock = clock;
  }

  /** Resolves when an output has asked for a retry. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Whether no retry is under way. */
  get isFirst(): boolean {
    return this.#failures === 0;
  }

  /** A call has succeeded. @returns whether calls before it had failed */
  succeeded(): boolean {
    const hadFailed = this.#failures > 0;
    this.#failures = 0;
    return hadFailed;
  }

  /** The run is ending: what waits now is over. */
  hurry(): void {
    this.#hurry.abort();
  }

  /**
   * Waits for 1, 2, 4 and so on to 60 s, or for as long as was asked for.
   *
   * @param isEnding the run was ending already: then as for the first time, at the most
   */
  async wait(askedMs: number | null, isEnding: boolean): Promise<void> {
    const ms = delayMs(this.#failures++, askedMs);
    this.#begun.resolve();
    if (isEnding)
      await this.#clock.sleep(
        Math.min(ms, FIRST_MS),
        new AbortController().signal,
      );
    else await this.#clock.sleep(ms, this.#hurry.signal);
  }
}

function delayMs(failures: number, askedMs: number | null): number {
  if (askedMs === null || !Number.isFinite(askedMs))
    return Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
  return Math.min(Math.max(askedMs, LEAST_ASKED_MS), MOST_ASKED_MS);
}
