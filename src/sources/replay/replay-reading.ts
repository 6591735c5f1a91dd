/** The samples of a replay, read once from some moment on. */
import { UsageError } from "../../errors.ts";
import type { Sample } from "../../model/sample.ts";
import { joinRuns, listed } from "./hosts.ts";
import type { Wanted } from "./line-head.ts";
import { MergedRecordings } from "./merge-recordings.ts";
import { mergeToLength } from "./merge-to-length.ts";
import type { RecordingFile } from "./recording-files.ts";
import type { Unwanted } from "./recording.ts";

/** What is replayed. */
export interface Choice {
  readonly files: readonly RecordingFile[];
  readonly wanted: Wanted;
  /** Whether all must be of one host. */
  readonly isOneHost: boolean;
  /** Samples are merged until they are at least so long, ns; null: they are not. */
  readonly lengthNs: number | null;
}

export class ReplayReading implements Disposable {
  readonly #choice: Choice;
  readonly #recordings: MergedRecordings;

  /** @param fromMs later than the begin of what is wanted */
  constructor(choice: Choice, fromMs = choice.wanted.fromMs) {
    this.#choice = choice;
    const wanted = { ...choice.wanted, fromMs };
    this.#recordings = new MergedRecordings(choice.files, wanted);
  }

  /** What was left out so far, each in one line. */
  get notices(): readonly string[] {
    return this.#recordings.notices;
  }

  /** What was read and not wanted. */
  get unwanted(): readonly Unwanted[] {
    return this.#recordings.recordings.flatMap((each) => each.unwanted ?? []);
  }

  /**
   * Sums of each host start from 0.
   *
   * @throws what `MergedRecordings` throws, and UsageError when one host is wanted, and there is another
   */
  samples(): AsyncGenerator<Sample, void, void> {
    const { isOneHost, lengthNs } = this.#choice;
    const all = isOneHost
      ? ofOneHost(this.#recordings)
      : this.#recordings.samples();
    const joined = joinRuns(all);
    return lengthNs === null ? joined : mergeToLength(joined, lengthNs);
  }

  /** Also ends a pending read. */
  [Symbol.dispose](): void {
    this.#recordings[Symbol.dispose]();
  }
}

/** What shows tasks by their ids can show one machine. A file of several is known by its samples alone. */
async function* ofOneHost(
  recordings: MergedRecordings,
): AsyncGenerator<Sample, void, void> {
  let host: string | null = null;
  for await (const sample of recordings.samples()) {
    const { hostname } = sample.origin;
    if (hostname !== host && recordings.hosts.length > 1)
      throw new UsageError(
        `the recordings are of ${listed(recordings.hosts)}: choose one with --host NAME`,
      );
    host = hostname;
    yield sample;
  }
}
