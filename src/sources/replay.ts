/** Samples from recordings, at the speed at which they were taken or faster. */
import { UsageError } from "../errors.ts";
import { systemClock, type AlarmClock } from "../kernel/clock.ts";
import type { Sample } from "../model/sample.ts";
import { hostsOf, joinRuns, listed, severalHosts } from "./hosts.ts";
import { ALL, type Wanted } from "./line-head.ts";
import { MergedRecordings } from "./merge-recordings.ts";
import { nameOf, type RecordingFile } from "./recording-files.ts";
import { RecordingError } from "./recording.ts";
import type { Notice, Pace, Source } from "./source.ts";

export interface ReplayOptions {
  /** JSON lines, plain or compressed by gzip or zstd. */
  readonly files: readonly RecordingFile[];
  /** How many times faster than recorded; null: as fast as the outputs take it. */
  readonly speed: number | null;
  /** The host that is shown; null, as by default: all. */
  readonly host?: string | null;
  /** Whether all must be of one host. */
  readonly isOneHost?: boolean;
}

/** Timers can wait no longer than 24.8 days. */
const LONGEST_PAUSE_MS = 86_400_000;

/**
 * Reads up to the first sample, so that a file that is not a recording is refused before any output is opened.
 *
 * @throws RecordingError when one cannot be read, none has a sample, or one has another major version of the schema;
 *   UsageError when they are of several hosts, and one is wanted
 */
export async function openReplaySource(
  { files, speed, host = null, isOneHost = false }: ReplayOptions,
  clock: AlarmClock = systemClock,
): Promise<Source> {
  const wanted = { ...ALL, host };
  const recordings = new MergedRecordings(files, wanted);
  const samples = recordings.samples();
  const first = await samples.next();
  if (first.done) throw describeNothing(files, wanted, recordings);
  const { hosts } = recordings;
  if (isOneHost && hosts.length > 1) throw severalHosts(hosts);
  const all = prepend(first.value, samples);
  const joined = joinRuns(isOneHost ? ofOneHost(all) : all);
  return new ReplaySource(recordings, joined, speed, clock);
}

/** @throws UsageError when another host comes: a file of several was read */
async function* ofOneHost(
  samples: AsyncIterable<Sample>,
): AsyncGenerator<Sample, void, void> {
  let host: string | null = null;
  for await (const sample of samples) {
    const { hostname } = sample.origin;
    host ??= hostname;
    if (hostname !== host) throw severalHosts([host, hostname]);
    yield sample;
  }
}

/** Why there is no sample. */
function describeNothing(
  files: readonly RecordingFile[],
  { host }: Wanted,
  { recordings }: MergedRecordings,
): Error {
  const unwanted = recordings.flatMap((each) => each.unwanted ?? []);
  const hosts = hostsOf(
    unwanted.flatMap((each) => [...each.hosts]),
    files,
  );
  if (host !== null && hosts.length > 0)
    return new UsageError(
      `--host ${host}: the recordings are of ${listed(hosts)}`,
    );
  const [{ path }, second] = files as readonly [RecordingFile, RecordingFile?];
  return new RecordingError(
    second === undefined
      ? `${nameOf(path)}: the recording is empty`
      : `${nameOf(path)} and the other recordings are empty`,
  );
}

class ReplaySource implements Source {
  readonly name = "replay";
  readonly #recordings: MergedRecordings;
  readonly #samples: AsyncIterable<Sample>;
  readonly #speed: number | null;
  readonly #clock: AlarmClock;
  #ended = false;

  constructor(
    recordings: MergedRecordings,
    samples: AsyncIterable<Sample>,
    speed: number | null,
    clock: AlarmClock,
  ) {
    this.#recordings = recordings;
    this.#samples = samples;
    this.#speed = speed;
    this.#clock = clock;
  }

  /** What was left out is known only after the recordings have ended. */
  get notices(): readonly Notice[] {
    if (!this.#ended) return [];
    return this.#recordings.notices.map((text) => ({ text, explains: [] }));
  }

  /** Yields the first sample at once, and each later one after its own interval. */
  async *samples(
    { count }: Pace,
    signal: AbortSignal,
  ): AsyncGenerator<Sample, void, void> {
    const cancel = (): void => this.#recordings[Symbol.dispose]();
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
    this.#recordings[Symbol.dispose]();
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
