/** The samples of several recordings, in the order of their times. A file is opened when its time has come. */
import type { Sample } from "../../model/sample.ts";
import { storeHost } from "../../model/store/store-files.ts";
import { ALL, type Wanted } from "./line-head.ts";
import { hostsOf } from "./hosts.ts";
import { openRecording, type RecordingFile } from "./recording-files.ts";
import { RecordingError, type Recording } from "./recording.ts";
import { RepeatedTime } from "./repeated-time.ts";

/** A recording that is being read. */
interface Reading {
  readonly file: RecordingFile;
  readonly recording: Recording;
  readonly samples: AsyncIterator<Sample>;
  /** The next sample; null at the end. */
  next: Sample | null;
  hasSamples: boolean;
  /** Samples of a time that another recording had. */
  repeated: number;
}

export class MergedRecordings implements Disposable {
  readonly #wanted: Wanted;
  readonly #open: (file: RecordingFile) => Recording;
  /** In the order of their begins: those of which it is unknown come first. */
  readonly #waiting: RecordingFile[];
  readonly #readings: Reading[] = [];
  readonly #repeatedTime = new RepeatedTime();
  readonly #hosts = new Set<string>();
  readonly #errors: RecordingError[] = [];
  #isDisposed = false;

  constructor(
    files: readonly RecordingFile[],
    wanted = ALL,
    open = openRecording,
  ) {
    this.#wanted = wanted;
    this.#open = open;
    this.#waiting = mayHold(files, wanted).toSorted(
      (a, b) => periodBegin(a) - periodBegin(b),
    );
  }

  /** All that were read, or are. */
  get recordings(): readonly Recording[] {
    return this.#readings.map(({ recording }) => recording);
  }

  /** The hosts that are known of: by samples, and by names of files. */
  get hosts(): readonly string[] {
    return hostsOf(this.#hosts, this.#waiting);
  }

  /** What was left out so far, each in one line. */
  get notices(): readonly string[] {
    return [
      ...this.#readings.flatMap(({ file, recording, repeated, hasSamples }) => [
        ...(hasSamples || !file.isFound ? recording.notices : []),
        ...noticeOfOther(file, recording, hasSamples),
        ...(repeated === 0
          ? []
          : [
              `${recording.name}: skipped ${repeated} ${repeated === 1 ? "sample" : "samples"} that another recording has for the same time`,
            ]),
      ]),
      // The first one is thrown.
      ...this.#errors.slice(1).map(({ message }) => message),
    ];
  }

  /**
   * Yields every sample that is wanted once. What is read of a damaged file is used, and the others are read on.
   *
   * @throws RecordingError at the end, if one of them cannot be read to its end; at once, if that was named and nothing
   *   was read yet
   */
  async *samples(): AsyncGenerator<Sample, void, void> {
    let hasYielded = false;
    for (;;) {
      const first = await this.#first();
      if (first === null) break;
      const { next: sample, recording } = first;
      if (this.#repeatedTime.repeats(sample!, recording)) first.repeated++;
      else {
        hasYielded = true;
        yield sample!;
      }
      await this.#advance(first, hasYielded);
    }
    if (this.#errors.length > 0 && !this.#isDisposed) throw this.#errors[0]!;
  }

  /** The reading that has the earliest sample, after all files were opened that may have an earlier one. */
  async #first(): Promise<Reading | null> {
    for (;;) {
      let first: Reading | null = null;
      for (const reading of this.#readings) {
        if (reading.next === null) continue;
        if (first === null || reading.next.timeMs < first.next!.timeMs)
          first = reading;
      }
      const [waiting] = this.#waiting;
      if (waiting === undefined || this.#isDisposed) return first;
      if (first !== null && first.next!.timeMs < periodBegin(waiting))
        return first;
      this.#waiting.shift();
      const recording = this.#open(waiting);
      // A file of a store has nothing from before its period, whatever clocks did.
      const samples = recording.samples(
        this.#wanted,
        periodBegin(waiting) >= this.#wanted.toMs ? 0 : undefined,
      );
      const reading: Reading = {
        ...{ file: waiting, recording, samples },
        ...{ next: null, hasSamples: false, repeated: 0 },
      };
      this.#readings.push(reading);
      await this.#advance(reading, first !== null);
    }
  }

  async #advance(reading: Reading, hasYielded: boolean): Promise<void> {
    const { file, recording, samples } = reading;
    try {
      const { value, done } = await samples.next();
      reading.next = done ? null : value;
      if (!done) this.#hosts.add(value.origin.hostname);
      reading.hasSamples ||= !done;
    } catch (error) {
      reading.next = null;
      if (!(error instanceof RecordingError)) throw error;
      if (!hasYielded && !file.isFound) throw error;
      this.#errors.push(error);
    }
    if (reading.next === null) recording[Symbol.dispose]();
    const { badLines, unwanted } = recording;
    const isOther = !reading.hasSamples && unwanted === null;
    if (isOther && badLines !== null && !file.isFound)
      throw new RecordingError(describeOther(recording));
  }

  /** Also ends a pending read. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { recording } of this.#readings) recording[Symbol.dispose]();
  }
}

function periodBegin({ period }: RecordingFile): number {
  return period?.beginMs ?? -Infinity;
}

/**
 * Files without those that have no sample in a window, by their names. A sample ends in the period of its file, and may
 * have begun long before: of each host, the first file after the window may have one.
 */
export function mayHold(
  files: readonly RecordingFile[],
  { fromMs, toMs, host }: Wanted,
): readonly RecordingFile[] {
  const nextMs = new Map<string, number>();
  for (const { period } of files)
    if (period !== null && period.beginMs >= toMs)
      nextMs.set(
        period.host,
        Math.min(period.beginMs, nextMs.get(period.host) ?? Infinity),
      );
  return files.filter(
    ({ period }) =>
      period === null ||
      (period.endMs > fromMs &&
        (host === null || period.host === storeHost(host)) &&
        period.beginMs <= (nextMs.get(period.host) ?? Infinity)),
  );
}

/** A file in a folder need not be a recording, although it has the name of one. */
function noticeOfOther(
  { isFound }: RecordingFile,
  recording: Recording,
  hasSamples: boolean,
): readonly string[] {
  const { badLines, unwanted } = recording;
  if (hasSamples || !isFound || unwanted !== null || badLines === null)
    return [];
  return [describeOther(recording)];
}

function describeOther({ name, badLines }: Recording): string {
  const { line, reason } = badLines!;
  return `${name}: not a recording: it has no sample; line ${line}: ${reason}`;
}
