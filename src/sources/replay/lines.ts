/** Cuts the bytes of a recording into lines. */
import type { Bytes } from "./byte-reader.ts";

/** Ten thousand tasks make a line of 5 MB. A file without a line feed for longer than this is not a recording. */
const MAX_LINE_BYTES = 256 * 2 ** 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line, without its line feed. */
export interface Line {
  readonly bytes: Bytes;
  /** From 1 on. */
  readonly number: number;
}

/**
 * Yields the lines that are not empty; the last one need not end in a line feed. A file may be nothing but line feeds:
 * they cost next to nothing.
 *
 * @throws Error that names a line that is too long, and what reading the chunks throws
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
