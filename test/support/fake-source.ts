/** A source whose samples a test decides on. */
import { systemClock, type AlarmClock } from "../../src/kernel/clock.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Notice, Pace, Source } from "../../src/sources/source.ts";

export interface FakeSourceOptions {
  readonly samples?: readonly Sample[];
  readonly name?: Source["name"];
  /** Texts, or whole notices. */
  readonly notices?: readonly (string | Notice)[];
  /** Go on with the last sample, ever renumbered, until stopped; else end after the last. */
  readonly endless?: boolean;
  /** Time before each sample, ms. */
  readonly delayMs?: number;
  /** Which that time passes by; the system's by default. */
  readonly clock?: AlarmClock;
  /** Thrown after the samples. */
  readonly error?: Error;
}

export class FakeSource implements Source {
  readonly name: Source["name"];
  readonly notices: Notice[];
  disposed = 0;
  /** As the run asked for it. */
  pace: Pace | null = null;
  readonly #options: FakeSourceOptions;

  constructor(options: FakeSourceOptions = {}) {
    this.#options = options;
    this.name = options.name ?? "taskstats";
    this.notices = (options.notices ?? []).map((notice) =>
      typeof notice === "string" ? { text: notice, explains: [] } : notice,
    );
  }

  async *samples(pace: Pace, signal: AbortSignal): AsyncGenerator<Sample> {
    this.pace = pace;
    const {
      samples = [],
      endless = false,
      delayMs = 0,
      clock = systemClock,
      error,
    } = this.#options;
    for (let i = 0; i < (pace.count ?? Infinity); i++) {
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      else await Promise.resolve();
      const sample = samples[i] ?? (endless ? samples.at(-1) : undefined);
      if (sample === undefined) break;
      yield i < samples.length ? sample : renumber(sample, i + 1);
      if (signal.aborted) return;
    }
    if (error !== undefined) throw error;
  }

  [Symbol.dispose](): void {
    this.disposed++;
  }
}

function renumber(sample: Sample, seq: number): Sample {
  return Object.create(sample, { seq: { value: seq } }) as Sample;
}
