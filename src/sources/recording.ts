/** A file of JSON lines as `--output jsonl` writes them, back to samples. */
import {
  RecordError,
  SchemaVersionError,
  fromRecord,
} from "../model/record.ts";
import type { Sample } from "../model/sample.ts";

/** What keeps a recording from being read, in one line that names it. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes in pieces: a node:stream, of which these two parts are used. */
interface ByteStream extends AsyncIterable<Bytes> {
  destroy(): unknown;
}

/** Ten thousand tasks make a line of 5 MB. What has no line feed for longer than this is no recording. */
const MAX_LINE_BYTES = 256 * 2 ** 20;
const LINE_FEED = 0x0a;

const MAGICS = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
] as const;
const MAGIC_BYTES = 4;

/** Lines that were left out, since they hold no sample. */
export interface BadLines {
  readonly count: number;
  /** Of the first of them, from 1 on. */
  readonly line: number;
  readonly reason: string;
}

export class Recording implements Disposable {
  /** What errors call it. */
  readonly name: string;
  readonly #stream: ByteStream;
  #badLines: BadLines | null = null;
  #disposed = false;

  constructor(name: string, stream: ByteStream) {
    this.name = name;
    this.#stream = stream;
  }

  /** So far; null if there was none. */
  get badLines(): BadLines | null {
    return this.#badLines;
  }

  /**
   * Every sample once, in order, until the end or until disposed.
   *
   * @throws RecordingError when the file cannot be read on, or another major version of the schema wrote it
   */
  async *samples(): AsyncGenerator<Sample, void, void> {
    let number = 0;
    try {
      const chunks = this.#stream[Symbol.asyncIterator]();
      for await (const line of splitLines(await decompress(chunks))) {
        number++;
        const sample = this.#parse(line, number);
        if (sample !== null) yield sample;
      }
    } catch (error) {
      // A stream that was destroyed ends with an error.
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
      const { count, ...first } = this.#badLines ?? {
        count: 0,
        line: number,
        reason: message,
      };
      this.#badLines = { count: count + 1, ...first };
      return null;
    }
  }

  #explain(error: unknown): RecordingError {
    if (error instanceof RecordingError) return error;
    const text = error instanceof Error ? error.message : String(error);
    // "ENOENT: no such file or directory, open 'x'" without its code and its call.
    const reason = text.replace(/^E[A-Z0-9]+: (.*?)(, \w+( '.*')?)?$/s, "$1");
    return new RecordingError(`${this.name}: ${reason}`, { cause: error });
  }

  /** Ends a read that waits, too. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stream.destroy();
  }
}

/**
 * The sample of one line; null if the line is blank.
 *
 * @throws RecordError
 */
export function parseLine(line: Bytes): Sample | null {
  // Unlike JSON.parse it takes bytes, and tells of the rest of a line on which there are two values.
  const { values, done, error } = Bun.JSONL.parseChunk(line);
  if (values.length === 0 && done) return null;
  if (!done || error !== null || values.length !== 1)
    throw new RecordError("not a line of JSON");
  return fromRecord(values[0]);
}

/** Lines without their line feeds; the last one need not have any. */
export async function* splitLines(
  chunks: AsyncIterable<Bytes>,
): AsyncGenerator<Bytes, void, void> {
  let head: Bytes[] = [];
  let headBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      yield join([...head, chunk.subarray(start, end)]);
      head = [];
      headBytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    headBytes += rest.length;
    if (headBytes > MAX_LINE_BYTES)
      throw new RecordingError("a line of it is too long for a sample");
    if (rest.length > 0) head.push(rest);
  }
  if (head.length > 0) yield join(head);
}

function join(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  return new Uint8Array(Buffer.concat(parts));
}

/** Bytes as they were before gzip or zstd, as the first of them tell. */
async function decompress(
  chunks: AsyncIterator<Bytes>,
): Promise<AsyncIterable<Bytes>> {
  let head: Bytes = new Uint8Array(0);
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = join([head, value]);
  }
  const whole = prepend(head, chunks);
  const format = MAGICS.find(([, magic]) =>
    magic.every((byte, at) => head[at] === byte),
  )?.[0];
  if (format === undefined) return whole;
  return toStream(whole).pipeThrough(new DecompressionStream(format));
}

function toStream(chunks: AsyncGenerator<Bytes>): ReadableStream<Bytes> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
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
