/** Samples from a recording, at the speed at which they were taken or faster. */
import { createReadStream } from "node:fs";
import { isatty } from "node:tty";
import { systemClock, type AlarmClock } from "../kernel/clock.ts";
import type { Sample } from "../model/sample.ts";
import { RunJoiner } from "./join-runs.ts";
import { Recording, RecordingError, prepend } from "./recording.ts";
import type { Notice, Pace, Source } from "./source.ts";

export interface ReplayOptions {
  /** JSON lines, plain or compressed by gzip or zstd; "-" is stdin. */
  readonly path: string;
  /** How many times faster than recorded; null: as fast as the outputs take it. */
  readonly speed: number | null;
}

/** Timers can wait no longer than 24.8 days. */
const LONGEST_PAUSE_MS = 86_400_000;

/**
 * Reads up to the first sample, so that a file that is not a recording is refused before any output is opened.
 *
 * @throws RecordingError when it cannot be read, holds no sample, or has another major version of the schema
 */
export async function openReplaySource(
  { path, speed }: ReplayOptions,
  clock: AlarmClock = systemClock,
): Promise<Source> {
  const recording = openRecording(path);
  const samples = joinRuns(recording.samples());
  const first = await samples.next();
  if (first.done) throw new RecordingError(describeEmpty(recording));
  const all = prepend(first.value, samples);
  return new ReplaySource(recording, all, speed, clock);
}

async function* joinRuns(
  samples: AsyncIterable<Sample>,
): AsyncGenerator<Sample, void, void> {
  const joiner = new RunJoiner();
  for await (const sample of samples) yield joiner.add(sample);
}

function openRecording(path: string): Recording {
  // Uses node:fs, because Bun.file refuses devices.
  if (path !== "-") return new Recording(path, createReadStream(path));
  if (isatty(0))
    throw new RecordingError(
      "stdin is a terminal: pipe a recording into --replay -",
    );
  return new Recording("stdin", createReadStream("", { fd: 0 }));
}

function describeEmpty({ name, badLines }: Recording): string {
  if (badLines === null) return `${name}: the recording is empty`;
  const { line, reason } = badLines;
  return `${name}: not a recording: it has no sample; line ${line}: ${reason}`;
}

class ReplaySource implements Source {
  readonly name = "replay";
  readonly #recording: Recording;
  readonly #samples: AsyncIterable<Sample>;
  readonly #speed: number | null;
  readonly #clock: AlarmClock;
  #ended = false;

  constructor(
    recording: Recording,
    samples: AsyncIterable<Sample>,
    speed: number | null,
    clock: AlarmClock,
  ) {
    this.#recording = recording;
    this.#samples = samples;
    this.#speed = speed;
    this.#clock = clock;
  }

  /** What was left out is known only after the recording has ended. */
  get notices(): readonly Notice[] {
    const { name, badLines, junk } = this.#recording;
    const texts: string[] = [];
    if (!this.#ended) return [];
    if (badLines?.count === 1)
      texts.push(`skipped line ${badLines.line}: ${badLines.reason}`);
    else if (badLines !== null)
      texts.push(
        `skipped ${badLines.count} lines, the first is line ${badLines.line}: ${badLines.reason}`,
      );
    if (junk !== null)
      texts.push(`skipped what follows the end of its ${junk} data`);
    return texts.map((text) => ({ text: `${name}: ${text}`, explains: [] }));
  }

  /** Yields the first sample at once, and each later one after its own interval. */
  async *samples(
    { count }: Pace,
    signal: AbortSignal,
  ): AsyncGenerator<Sample, void, void> {
    const cancel = (): void => this.#recording[Symbol.dispose]();
    signal.addEventListener("abort", cancel);
    const now = () => this.#clock.monotonicNs();
    let left = count ?? Infinity;
    let dueNs: number | null = null;
    try {
      for await (const sample of this.#samples) {
        const stepNs =
          this.#speed === null ? 0 : sample.intervalNs / this.#speed;
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
    this.#recording[Symbol.dispose]();
  }
}
