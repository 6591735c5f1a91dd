/** When recordings begin and end, from as few of their bytes as possible. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { Span } from "../../model/text/time-text.ts";
import type { Bytes } from "./byte-reader.ts";
import { decompress } from "./decompress.ts";
import { beginOf, headOf, readHead, type Head } from "./line-head.ts";
import { splitLines } from "./lines.ts";
import {
  openRecording,
  placeOf,
  type Period,
  type RecordingFile,
} from "./recording-files.ts";
import { parseLine } from "./recording.ts";

/**
 * From the begin of the earliest sample to the end of the latest; null if there is none, or if what is piped in can be
 * read only once.
 *
 * @throws RecordingError when one of them cannot be read
 */
export async function readSpan(
  files: readonly RecordingFile[],
): Promise<Span | null> {
  if (files.some(({ isFile }) => !isFile)) return null;
  let beginMs = Infinity;
  for (const file of byPeriod(files, (a, b) => a.beginMs - b.beginMs)) {
    if (file.period !== null && beginMs < file.period.beginMs) continue;
    const first = await readFirst(file);
    if (first !== null) beginMs = Math.min(beginMs, beginOf(first));
  }
  let endMs = -Infinity;
  for (const file of byPeriod(files, (a, b) => b.endMs - a.endMs)) {
    if (file.period !== null && endMs >= file.period.endMs) continue;
    const last = await readLast(file);
    if (last !== null) endMs = Math.max(endMs, last.timeMs);
  }
  return beginMs < endMs ? { beginMs, endMs } : null;
}

/** In the given order of their periods, those without one first. */
function byPeriod(
  files: readonly RecordingFile[],
  order: (a: Period, b: Period) => number,
): readonly RecordingFile[] {
  const { known = [], unknown = [] } = Object.groupBy(files, ({ period }) =>
    period === null ? "unknown" : "known",
  );
  return [...unknown, ...known.sort((a, b) => order(a.period!, b.period!))];
}

async function readFirst(file: RecordingFile): Promise<Head | null> {
  using recording = openRecording(file);
  for await (const sample of recording.samples()) return headOf(sample);
  return null;
}

/** Of a plain file, only its end is read. */
async function readLast(file: RecordingFile): Promise<Head | null> {
  const path = placeOf(file.path);
  let last: Head | null = null;
  const chunks = isPacked(path)
    ? decompress(createReadStream(path)[Symbol.asyncIterator](), () => {})
    : endOf(path);
  try {
    for await (const { bytes } of splitLines(chunks))
      last = headOfLine(bytes) ?? last;
  } catch {
    // What is damaged is reported when it is replayed.
  }
  return last;
}

/** By gzip or zstd: neither JSON nor blanks begin like this. */
function isPacked(path: string): boolean {
  const [first] = readAt(path, 1, () => 0);
  return first === 0x1f || first === 0x28;
}

/** The last lines of a plain file: more of it until there is a whole one. */
async function* endOf(path: string): AsyncGenerator<Bytes, void, void> {
  for (let length = 65_536; ; length *= 4) {
    const bytes = readAt(path, length, (size) => Math.max(0, size - length));
    if (bytes.length < length) return yield bytes;
    const lineFeed = bytes.indexOf(0x0a);
    if (lineFeed >= 0 && lineFeed < bytes.length - 1)
      return yield bytes.subarray(lineFeed + 1);
  }
}

function readAt(
  path: string,
  length: number,
  place: (size: number) => number,
): Bytes {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(length);
    const { size } = Bun.file(fd);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, place(size)));
  } finally {
    closeSync(fd);
  }
}

function headOfLine(line: Bytes): Head | null {
  const head = readHead(line);
  if (head !== null) return head;
  try {
    const sample = parseLine(line);
    return sample && headOf(sample);
  } catch {
    return null;
  }
}
