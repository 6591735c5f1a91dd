/** When each sample of a replay comes, and where it goes on: what the keys of the screen ask for. */
import type { AlarmClock } from "../../kernel/clock.ts";
import type { ReplayControl } from "../../model/controls.ts";
import {
  parseTimeText,
  resolveTime,
  type Place,
  type Span,
} from "../../model/text/time-text.ts";
import { findBusiest } from "./busiest.ts";
import { readSpan } from "./recording-span.ts";
import type { Choice } from "./replay-reading.ts";
import { WakeableSleep } from "../wakeable-sleep.ts";

/** Short enough for the last line of the screen. */
const NO_TIME = "not a time: write 02:13, 2026-11-24 02:13 or -2h";

/** Timers can wait no longer than 24.8 days. */
const LONGEST_PAUSE_MS = 86_400_000;

export class ReplayPlayer implements ReplayControl {
  readonly #choice: Choice;
  readonly #place: Place;
  readonly #isAlone: boolean;
  readonly #sleep = new WakeableSleep();
  #speed: number | null;
  #isHeld = false;
  /** How many samples come although it is held. */
  #steps = 0;
  #isAtEnd = false;
  /** When the sample before was due, by the clock that passes; null before the first. */
  #dueNs: number | null = null;
  #targetMs: number | null = null;
  #jumps = 0;
  #onCall: () => void = () => {};
  #span: Span | null = null;
  #readingSpan: Promise<void> | null = null;

  /** @param isAlone whether no other output takes the samples: these could not go back */
  constructor(
    choice: Choice,
    speed: number | null,
    place: Place,
    isAlone: boolean,
  ) {
    this.#choice = choice;
    this.#speed = speed;
    this.#place = place;
    this.#isAlone = isAlone;
  }

  get speed(): number | null {
    return this.#speed;
  }
  get jumps(): number {
    return this.#jumps;
  }
  /** Looked for at the first call. */
  get span(): Span | null {
    void this.#readSpan();
    return this.#span;
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#sleep.wake();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#steps = 0;
    this.#sleep.wake();
  }

  step(): string | null {
    this.#isHeld = true;
    if (this.#isAtEnd) return "this is the last sample of the recording";
    this.#steps++;
    this.#sleep.wake();
    return null;
  }

  goTo(text: string): string | null {
    const time = parseTimeText(text);
    if (time === null) return NO_TIME;
    return this.#go(async () => {
      if (time.kind === "time" || time.kind === "before-end")
        await this.#readSpan();
      const isKnown = this.#span !== null || time.kind !== "before-end";
      return isKnown ? resolveTime(time, this.#span, this.#place) : null;
    });
  }

  goToBusiest(): string | null {
    return this.#go(() => findBusiest(this.#choice));
  }

  #go(find: () => Promise<number | null>): string | null {
    if (!this.#isAlone)
      return "other outputs read the recording in order: it can only be held or stepped forward";
    if (this.#choice.files.some(({ isFile }) => !isFile))
      return "a pipe is read once: the recording can only be held or stepped forward";
    this.hold(true);
    // What is wrong with a file is reported when it is read again.
    void find().then(
      (targetMs) => targetMs !== null && this.#call(targetMs),
      () => {},
    );
    return null;
  }

  #call(targetMs: number): void {
    this.#targetMs = targetMs;
    this.#isHeld = true;
    this.#steps = 1;
    this.#onCall();
    this.#sleep.wake();
  }

  #readSpan(): Promise<void> {
    const { files, wanted } = this.#choice;
    return (this.#readingSpan ??= readSpan(files)
      .catch(() => null)
      .then((span) => {
        this.#span = span && {
          beginMs: Math.max(span.beginMs, wanted.fromMs),
          endMs: Math.min(span.endMs, wanted.toMs),
        };
      }));
  }

  /** Resolves when it is to go elsewhere, after its end. */
  called(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onCall = resolve;
    if (this.#targetMs !== null) resolve();
    return promise;
  }

  /** Whether it is to go elsewhere. */
  get isCalled(): boolean {
    return this.#targetMs !== null;
  }

  /** Where it is to go, Unix ms; from now on its samples are those of there. Null: it goes on. */
  takeCall(): number | null {
    const targetMs = this.#targetMs;
    this.#targetMs = null;
    this.#isAtEnd = false;
    if (targetMs !== null) this.#jumps++;
    return targetMs;
  }

  end(): void {
    this.#isAtEnd = true;
  }

  /**
   * Resolves when the next sample is due, or when there is a call, or the signal aborts. A replay that is more than a step
   * late, because the program was stopped or the input was late, does not catch up.
   *
   * @param stepNs after the one before, as recorded
   */
  async until(
    stepNs: number,
    clock: AlarmClock,
    signal: AbortSignal,
  ): Promise<void> {
    const arrivedNs = clock.monotonicNs();
    while (!signal.aborted && !this.isCalled) {
      const nowNs = clock.monotonicNs();
      if (this.#steps > 0) {
        this.#steps--;
        this.#dueNs = nowNs;
        return;
      }
      const playedNs = this.#speed === null ? 0 : stepNs / this.#speed;
      const dueNs =
        this.#dueNs === null
          ? arrivedNs
          : Math.max(this.#dueNs, arrivedNs - playedNs) + playedNs;
      const leftMs = this.#isHeld ? Infinity : (dueNs - nowNs) / 1e6;
      if (leftMs <= 0) {
        this.#dueNs = dueNs;
        return;
      }
      await this.#sleep.sleep(
        Math.min(leftMs, LONGEST_PAUSE_MS),
        clock,
        signal,
      );
      if (Number.isFinite(leftMs)) continue;
      // What was held goes on from now.
      this.#dueNs = clock.monotonicNs();
    }
  }
}
