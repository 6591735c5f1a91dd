/** Samples from recordings, at the speed at which they were taken or faster. */
import { systemClock, type AlarmClock } from "../kernel/clock.ts";
import { localTime as systemLocalTime } from "../kernel/local-time.ts";
import type { Sample } from "../model/sample.ts";
import type { Place } from "../model/time-text.ts";
import {
  chooseReplay,
  describeNothing,
  type ReplayOptions,
} from "./choose-replay.ts";
import { ReplayReading } from "./replay-reading.ts";
import type { Notice, Pace, Source } from "./source.ts";

/** Timers can wait no longer than 24.8 days. */
const LONGEST_PAUSE_MS = 86_400_000;

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
  },
  clock: AlarmClock = systemClock,
  localTime: Place["localTime"] = systemLocalTime,
): Promise<Source> {
  const place = { localTime, nowMs: clock.wallMs() };
  const choice = await chooseReplay(options, place);
  const reading = new ReplayReading(choice);
  const samples = reading.samples();
  const first = await samples.next();
  if (first.done) throw describeNothing(choice, reading, place);
  const all = prepend(first.value, samples);
  return new ReplaySource(reading, all, options.speed, clock);
}

class ReplaySource implements Source {
  readonly name = "replay";
  readonly #reading: ReplayReading;
  readonly #samples: AsyncIterable<Sample>;
  readonly #speed: number | null;
  readonly #clock: AlarmClock;
  #ended = false;

  constructor(
    reading: ReplayReading,
    samples: AsyncIterable<Sample>,
    speed: number | null,
    clock: AlarmClock,
  ) {
    this.#reading = reading;
    this.#samples = samples;
    this.#speed = speed;
    this.#clock = clock;
  }

  /** What was left out is known only after the recordings have ended. */
  get notices(): readonly Notice[] {
    if (!this.#ended) return [];
    return this.#reading.notices.map((text) => ({ text, explains: [] }));
  }

  /** Yields the first sample at once, and each later one after its own interval. */
  async *samples(
    { count }: Pace,
    signal: AbortSignal,
  ): AsyncGenerator<Sample, void, void> {
    const cancel = (): void => this.#reading[Symbol.dispose]();
    signal.addEventListener("abort", cancel);
    const now = () => this.#clock.monotonicNs();
    let left = count ?? Infinity;
    let dueNs: number | null = null;
    let before: Sample | null = null;
    try {
      for await (const sample of this.#samples) {
        const stepNs =
          this.#speed === null ? 0 : stepOf(before, sample) / this.#speed;
        before = sample;
        // A replay that is more than a step late, because the program was stopped or the input was late, does not catch
        // up.
        dueNs =
          dueNs === null ? now() : Math.max(dueNs, now() - stepNs) + stepNs;
        await this.#waitUntil(dueNs, signal);
        if (signal.aborted) return;
        yield sample;
        if (--left === 0) return;
      }
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#ended = true;
    }
  }

  async #waitUntil(dueNs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const leftMs = (dueNs - this.#clock.monotonicNs()) / 1e6;
      if (leftMs <= 0) return;
      await this.#clock.sleep(Math.min(leftMs, LONGEST_PAUSE_MS), signal);
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
