/** Reads a file of JSON lines, as `--output jsonl` writes them, back into samples. */
import { describeError } from "../../errors.ts";
import {
  RecordError,
  SchemaVersionError,
  fromRecord,
} from "../../model/record/record.ts";
import type { Sample } from "../../model/sample.ts";
import type { Bytes } from "./byte-reader.ts";
import { decompress } from "./decompress.ts";
import {
  ALL,
  beginOf,
  headOf,
  isWanted,
  readHead,
  type Head,
  type Wanted,
} from "./line-head.ts";
import { splitLines } from "./lines.ts";

/** Why a recording cannot be read, in one line that names it. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** An error about the file of that name, in the words for it. */
export function recordingError(name: string, error: unknown): RecordingError {
  if (error instanceof RecordingError) return error;
  return new RecordingError(`${name}: ${describeError(error)}`, {
    cause: error,
  });
}

/** Bytes in pieces: the two members of a node:stream that are used. */
interface ByteStream extends AsyncIterable<Bytes> {
  destroy(): unknown;
}

/** Clocks are set back by no more than this while samples are taken. */
const CLOCK_STEP_MS = 3_600_000;
const BLANK = 0x20;
const OPENING_BRACE = 0x7b;
const FIRST_OF_BOM = 0xef;

/** Lines that were left out because they hold no sample. */
export interface BadLines {
  readonly count: number;
  /** Number of the first such line, from 1 on. */
  readonly line: number;
  readonly reason: string;
}

/** What a recording holds that was not wanted. */
export interface Unwanted {
  /** Begin of the earliest and end of the latest sample, Unix ms. */
  readonly beginMs: number;
  readonly endMs: number;
  readonly hosts: ReadonlySet<string>;
}

export class Recording implements Disposable {
  /** The name of the recording in errors. */
  readonly name: string;
  readonly #stream: ByteStream;
  #badLines: BadLines | null = null;
  #junk: string | null = null;
  #unwanted: Unwanted | null = null;
  #disposed = false;

  constructor(name: string, stream: ByteStream) {
    this.name = name;
    this.#stream = stream;
  }

  /** The bad lines so far; null if there were none. */
  get badLines(): BadLines | null {
    return this.#badLines;
  }

  /** The format of a compressed file that has more bytes after its end, which were left out; otherwise null. */
  get junk(): string | null {
    return this.#junk;
  }

  /** The samples so far that were not wanted; null if there were none. */
  get unwanted(): Unwanted | null {
    return this.#unwanted;
  }

  /** What was left out so far, each in one line that names the recording. */
  get notices(): readonly string[] {
    const texts: string[] = [];
    const bad = this.#badLines;
    if (bad?.count === 1) texts.push(`skipped line ${bad.line}: ${bad.reason}`);
    else if (bad !== null)
      texts.push(
        `skipped ${bad.count} lines, the first is line ${bad.line}: ${bad.reason}`,
      );
    if (this.#junk !== null)
      texts.push(`skipped what follows the end of its ${this.#junk} data`);
    return texts.map((text) => `${this.name}: ${text}`);
  }

  /**
   * Yields every sample that is wanted once, in order, until the end or until disposed. Lines of others are not parsed.
   *
   * @param clockStepMs a line that begins so long after all that is wanted ends the reading: lines come in the order of
   *   their times, unless the clock was set back meanwhile
   * @throws RecordingError when the file cannot be read further, or another major version of the schema wrote it
   */
  async *samples(
    wanted = ALL,
    clockStepMs = CLOCK_STEP_MS,
  ): AsyncGenerator<Sample, void, void> {
    try {
      const chunks = decompress(
        this.#stream[Symbol.asyncIterator](),
        (format) => (this.#junk = format),
      );
      for await (const { bytes, number } of splitLines(chunks)) {
        const head = wanted === ALL ? null : readHead(bytes);
        if (head !== null && !this.#isWanted(head, wanted)) {
          if (beginOf(head) >= wanted.toMs + clockStepMs) return;
          continue;
        }
        // The first bad line is reported with its reason. Later lines that are not objects are counted and not parsed.
        if (this.#badLines !== null && !isObject(bytes)) this.#addBad(number);
        else {
          const sample = this.#parse(bytes, number);
          if (sample === null) continue;
          if (head !== null || this.#isWanted(headOf(sample), wanted))
            yield sample;
        }
      }
    } catch (error) {
      // A destroyed stream ends with an error.
      if (!this.#disposed) throw recordingError(this.name, error);
    }
  }

  #isWanted(head: Head, wanted: Wanted): boolean {
    if (isWanted(head, wanted)) return true;
    const {
      beginMs = Infinity,
      endMs = -Infinity,
      hosts,
    } = this.#unwanted ?? {};
    this.#unwanted = {
      beginMs: Math.min(beginMs, beginOf(head)),
      endMs: Math.max(endMs, head.timeMs),
      hosts: hosts?.has(head.host)
        ? hosts
        : new Set([...(hosts ?? []), head.host]),
    };
    return false;
  }

  #parse(line: Bytes, number: number): Sample | null {
    try {
      return parseLine(line);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      const { message } = error;
      if (error instanceof SchemaVersionError)
        throw new RecordingError(`${this.name}: line ${number}: ${message}`);
      this.#addBad(number, message);
      return null;
    }
  }

  #addBad(line: number, reason = ""): void {
    const first = this.#badLines ?? { count: 0, line, reason };
    this.#badLines = { ...first, count: first.count + 1 };
  }

  /** Also ends a pending read. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stream.destroy();
  }
}

/** Whether a line may be a JSON object, judged by its first byte that is not blank. */
function isObject(line: Bytes): boolean {
  let at = 0;
  while (line[at]! <= BLANK) at++;
  return (
    at === line.length ||
    line[at] === OPENING_BRACE ||
    line[at] === FIRST_OF_BOM
  );
}

/**
 * The sample of one line; null if the line is blank.
 *
 * @throws RecordError
 */
export function parseLine(line: Bytes): Sample | null {
  // Unlike JSON.parse, this takes bytes, and it reports the rest of a line that holds two values.
  const { values, done, error } = Bun.JSONL.parseChunk(line);
  if (values.length === 0 && done) return null;
  if (!done || error !== null || values.length !== 1)
    throw new RecordError("not a line of JSON");
  return fromRecord(values[0]);
}
