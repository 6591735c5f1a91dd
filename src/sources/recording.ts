/** Reads a file of JSON lines, as `--output jsonl` writes them, back into samples. */
import { plainReason } from "../errors.ts";
import {
  RecordError,
  SchemaVersionError,
  fromRecord,
} from "../model/record.ts";
import type { Sample } from "../model/sample.ts";
import type { Bytes } from "./byte-reader.ts";
import { decompress } from "./decompress.ts";

/** Why a recording cannot be read, in one line that names it. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** Bytes in pieces: the two members of a node:stream that are used. */
interface ByteStream extends AsyncIterable<Bytes> {
  destroy(): unknown;
}

/** Ten thousand tasks make a line of 5 MB. A file without a line feed for longer than this is not a recording. */
const MAX_LINE_BYTES = 256 * 2 ** 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
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

export class Recording implements Disposable {
  /** The name of the recording in errors. */
  readonly name: string;
  readonly #stream: ByteStream;
  #badLines: BadLines | null = null;
  #junk: string | null = null;
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

  /**
   * Yields every sample once, in order, until the end or until disposed.
   *
   * @throws RecordingError when the file cannot be read further, or another major version of the schema wrote it
   */
  async *samples(): AsyncGenerator<Sample, void, void> {
    try {
      const chunks = decompress(
        this.#stream[Symbol.asyncIterator](),
        (format) => (this.#junk = format),
      );
      for await (const { bytes, number } of splitLines(chunks)) {
        // The first bad line is reported with its reason. Later lines that are not objects are counted and not parsed.
        if (this.#badLines !== null && !isObject(bytes)) this.#addBad(number);
        else {
          const sample = this.#parse(bytes, number);
          if (sample !== null) yield sample;
        }
      }
    } catch (error) {
      // A destroyed stream ends with an error.
      if (!this.#disposed) throw this.#explain(error);
    }
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

  #explain(error: unknown): RecordingError {
    if (error instanceof RecordingError) return error;
    const text = error instanceof Error ? error.message : String(error);
    // Turns "ENOENT: no such file or directory, open 'x'" into the part without code and call.
    const reason = text.replace(/^E[A-Z0-9]+: (.*?)(, \w+( '.*')?)?$/s, "$1");
    return new RecordingError(`${this.name}: ${plainReason(reason)}`, {
      cause: error,
    });
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

/** A line, without its line feed. */
export interface Line {
  readonly bytes: Bytes;
  /** From 1 on. */
  readonly number: number;
}

/**
 * Yields the lines that are not empty; the last one need not end in a line feed. A file may be nothing but line feeds:
 * they cost next to nothing.
 */
export async function* splitLines(
  chunks: AsyncIterable<Bytes>,
): AsyncGenerator<Line, void, void> {
  let head: Bytes[] = [];
  let headBytes = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      if (headBytes === 0)
        for (; isEmptyLine(chunk, start); number++)
          start += chunk[start] === LINE_FEED ? 1 : 2;
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      yield { bytes: join([...head, chunk.subarray(start, end)]), number };
      number++;
      head = [];
      headBytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    headBytes += rest.length;
    if (headBytes > MAX_LINE_BYTES)
      throw new Error(`line ${number} is too long for a sample`);
    if (rest.length > 0) head.push(rest);
  }
  if (head.length > 0) yield { bytes: join(head), number };
}

function isEmptyLine(chunk: Bytes, at: number): boolean {
  const byte = chunk[at];
  return (
    byte === LINE_FEED ||
    (byte === CARRIAGE_RETURN && chunk[at + 1] === LINE_FEED)
  );
}

function join(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  return new Uint8Array(Buffer.concat(parts));
}

export async function* prepend<T>(
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
