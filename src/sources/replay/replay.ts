/** Samples from recordings, at the speed at which they were taken or faster. */
import { systemClock, type AlarmClock } from "../../kernel/clock.ts";
import { localTime as systemLocalTime } from "../../kernel/local-time.ts";
import type { Sample } from "../../model/sample.ts";
import type { Place } from "../../model/text/time-text.ts";
import {
  chooseReplay,
  describeNothing,
  type ReplayOptions,
} from "./choose-replay.ts";
import { ReplayPlayer } from "./replay-player.ts";
import { ReplayReading, type Choice } from "./replay-reading.ts";
import type { Notice, Pace, Source } from "../source.ts";

/** How many samples come before the one that a key goes to: as many as graphs show. */
const SAMPLES_BEFORE = 60;

/**
 * Reads up to the first sample, so that a file that is not a recording is refused before any output is opened.
 *
 * @throws RecordingError when one cannot be read, none has a sample that is wanted, or one has another major version of
 *   the schema; UsageError when they are of several hosts, and one is wanted, or when there are no such times
 */
export async function openReplaySource(
  options: ReplayOptions & {
    /** How many times faster than recorded; null: as fast as the outputs take it. */
    readonly speed: number | null;
    /** Whether one output alone takes the samples: then keys may go back. */
    readonly isAlone?: boolean;
  },
  clock: AlarmClock = systemClock,
  localTime: Place["localTime"] = systemLocalTime,
): Promise<Source> {
  const place = { localTime, nowMs: clock.wallMs() };
  const choice = await chooseReplay(options, place);
  const reading = new ReplayReading(choice);
  const samples = reading.samples();
  const first = await samples.next();
  if (first.done) throw await describeNothing(choice, reading, place);
  const all = prepend(first.value, samples);
  const { speed, isAlone = false } = options;
  const player = new ReplayPlayer(choice, speed, place, isAlone);
  return new ReplaySource(choice, reading, all, player, clock);
}

class ReplaySource implements Source {
  readonly name = "replay";
  readonly player: ReplayPlayer;
  readonly #choice: Choice;
  #reading: ReplayReading;
  #samples: AsyncIterable<Sample>;
  readonly #clock: AlarmClock;
  /** Samples up to this time come at once, as they are before the one that is wanted, Unix ms. */
  #targetMs = -Infinity;
  /** Nominal, ns. */
  #intervalNs = 1e9;
  readonly #notices = new Set<string>();

  constructor(
    choice: Choice,
    reading: ReplayReading,
    samples: AsyncIterable<Sample>,
    player: ReplayPlayer,
    clock: AlarmClock,
  ) {
    this.#choice = choice;
    this.#reading = reading;
    this.#samples = samples;
    this.player = player;
    this.#clock = clock;
  }

  /** What was left out is known only after the recordings have ended. */
  get notices(): readonly Notice[] {
    return [...this.#notices].map((text) => ({ text, explains: [] }));
  }

  /**
   * Yields the first sample at once, and each later one after its own interval, unless the player says otherwise. After
   * its end it can be called again, if the player is called elsewhere.
   */
  async *samples(
    { count }: Pace,
    signal: AbortSignal,
  ): AsyncGenerator<Sample, void, void> {
    const cancel = (): void => this.#reading[Symbol.dispose]();
    signal.addEventListener("abort", cancel);
    let left = count ?? Infinity;
    try {
      do {
        this.#follow();
        for await (const sample of this.#play(signal)) {
          yield sample;
          if (--left === 0) return;
        }
      } while (this.player.isCalled && !signal.aborted);
    } finally {
      signal.removeEventListener("abort", cancel);
      for (const text of this.#reading.notices) this.#notices.add(text);
      this.player.end();
    }
  }

  /** Goes where the player is called. */
  #follow(): void {
    const targetMs = this.player.takeCall();
    if (targetMs === null) return;
    const fromMs = targetMs - (SAMPLES_BEFORE * this.#intervalNs) / 1e6;
    this.#targetMs = targetMs;
    this.#reading[Symbol.dispose]();
    this.#reading = new ReplayReading(
      this.#choice,
      Math.max(fromMs, this.#choice.wanted.fromMs),
    );
    this.#samples = this.#reading.samples();
  }

  async *#play(signal: AbortSignal): AsyncGenerator<Sample, void, void> {
    let before: Sample | null = null;
    for await (const sample of this.#samples) {
      if (sample.timeMs > this.#targetMs)
        await this.player.until(stepOf(before, sample), this.#clock, signal);
      if (signal.aborted || this.player.isCalled) return;
      before = sample;
      this.#intervalNs = sample.intervalNs;
      yield sample;
    }
  }

  [Symbol.dispose](): void {
    this.#reading[Symbol.dispose]();
  }
}

/**
 * How long after the one before a sample comes, ns: after its interval, however long nothing was recorded. Those of
 * several hosts come in the order of their times.
 */
function stepOf(before: Sample | null, sample: Sample): number {
  const { intervalNs, timeMs, origin } = sample;
  if (before === null || before.origin.hostname === origin.hostname)
    return intervalNs;
  return Math.max(0, Math.min(intervalNs, (timeMs - before.timeMs) * 1e6));
}

async function* prepend<T>(
  first: T,
  rest: AsyncIterator<T>,
): AsyncGenerator<T, void, void> {
  yield first;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}
