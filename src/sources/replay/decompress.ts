/** Undoes gzip and zstd compression. */
import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { ByteReader, type Bytes } from "./byte-reader.ts";

/** Each member of a file is decompressed separately, so that bytes after the last one cannot spoil it. */
type Decompress = (input: ByteReader) => AsyncIterable<Bytes>;

const FORMATS: readonly {
  readonly name: string;
  readonly magic: readonly number[];
  readonly decompress: Decompress;
}[] = [
  { name: "gzip", magic: [0x1f, 0x8b, 0x08], decompress: gunzip },
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], decompress: unzstd },
];

/** @param onJunk called with the name of the format when bytes follow the end of the data: they are left out */
export async function* decompress(
  chunks: AsyncIterator<Bytes>,
  onJunk: (format: string) => void,
): AsyncGenerator<Bytes, void, void> {
  const input = new ByteReader(chunks);
  for (const { name, magic, decompress } of FORMATS) {
    if (!(await input.startsWith(magic))) continue;
    yield* decompress(input);
    if (await input.fill(1)) onJunk(name);
    return;
  }
  for (;;) {
    const chunk = await input.chunk();
    if (chunk === null) return;
    yield chunk;
  }
}

/** Flags of a gzip member's header, RFC 1952. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;

async function* gunzip(input: ByteReader): AsyncGenerator<Bytes, void, void> {
  const { magic } = FORMATS[0]!;
  while (await input.startsWith(magic)) {
    const flags = (await input.take(10))[3]!;
    if (flags & EXTRA) await input.take(littleEndian(await input.take(2)));
    for (const text of [NAME, COMMENT])
      if (flags & text) while ((await input.take(1))[0] !== 0);
    if (flags & HEADER_CRC) await input.take(2);
    let crc = 0;
    for await (const bytes of inflate(input)) {
      crc = crc32(bytes, crc);
      yield bytes;
    }
    const trailer = await input.take(8);
    if (littleEndian(trailer.subarray(0, 4)) !== crc)
      throw new Error("the data is damaged: its checksum does not match");
  }
}

/** A larger piece would have to be held in full after decompression, at up to a thousand times its size. */
const PIECE_BYTES = 16_384;
const OUTPUT_BYTES = 131_072;

/** Reads to the end of the deflated data, wherever in a chunk that is. */
async function* inflate(input: ByteReader): AsyncGenerator<Bytes, void, void> {
  const engine = createInflateRaw({ chunkSize: OUTPUT_BYTES });
  clearOutput(engine);
  try {
    let fedBytes = 0;
    while (engine.bytesWritten === fedBytes) {
      const piece = await input.chunk(PIECE_BYTES);
      if (piece === null) throw new Error("unexpected end of file");
      fedBytes += piece.length;
      yield* feed(engine, piece);
      input.unread(fedBytes - engine.bytesWritten);
    }
  } finally {
    engine.destroy();
  }
}

/** What comes of a piece. If it is damaged: all that comes before the damage, then the error. */
async function* feed(
  engine: InflateRaw,
  piece: Bytes,
): AsyncGenerator<Bytes, void, void> {
  const out: Bytes[] = [];
  const { promise, resolve } = Promise.withResolvers<Error | null>();
  const onData = (bytes: Bytes): void => void out.push(bytes);
  engine.on("data", onData).once("error", resolve);
  engine.write(piece, () => resolve(null));
  const error = await promise;
  engine.off("data", onData).off("error", resolve);
  yield* out;
  if (error === null) return;
  const rest = restOf(engine);
  const end = rest.indexOf(0);
  yield rest.subarray(0, end < 0 ? rest.length : end);
  throw error;
}

/** What the engine has of its own for its output. */
interface EngineOutput {
  _outBuffer?: Bytes;
  readonly _outOffset?: number;
}

/**
 * Lets the engine write into cleared memory alone, each time that it takes a new piece of it: what is there may be what
 * was read before. Text has no zeros, so what has been written ends at the first.
 */
function clearOutput(engine: InflateRaw & EngineOutput): void {
  let buffer = engine._outBuffer?.fill(0);
  Object.defineProperty(engine, "_outBuffer", {
    get: () => buffer,
    set: (fresh: Bytes) => void (buffer = fresh.fill(0)),
  });
}

/** Where the engine writes next. After an error it keeps what it has written there for itself. */
function restOf(engine: InflateRaw & EngineOutput): Bytes {
  const { _outBuffer: buffer, _outOffset: offset } = engine;
  return buffer?.subarray(offset) ?? new Uint8Array(0);
}

function unzstd(input: ByteReader): AsyncIterable<Bytes> {
  const frames = readFrames(input);
  const stream = new ReadableStream<Bytes>({
    async pull(controller) {
      const { value, done } = await frames.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return stream.pipeThrough(new DecompressionStream("zstd"));
}

/** Yields whole frames unchanged, and nothing else, in pieces of at most a block. RFC 8878, 3.1.1. */
async function* readFrames(
  input: ByteReader,
): AsyncGenerator<Bytes, void, void> {
  const { magic } = FORMATS[1]!;
  while (await input.startsWith(magic)) {
    const start = await input.take(5);
    yield start;
    const descriptor = start[4]!;
    const isSingle = (descriptor & 0x20) !== 0;
    const idBytes = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    yield await input.take((isSingle ? 0 : 1) + idBytes + sizeBytes);
    for (let isLast = false; !isLast;) {
      const header = await input.take(3);
      yield header;
      const word = littleEndian(header);
      isLast = (word & 1) !== 0;
      const isRepeated = ((word >> 1) & 3) === 1;
      yield await input.take(isRepeated ? 1 : word >> 3);
    }
    if (descriptor & 4) yield await input.take(4);
  }
}

function littleEndian(bytes: Bytes): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
