/** Bytes that arrive in chunks, taken in pieces of any length. */
export type Bytes = Uint8Array<ArrayBuffer>;

const NONE: Bytes = new Uint8Array(0);

export class ByteReader {
  readonly #chunks: AsyncIterator<Bytes>;
  /** Read, but not taken yet. */
  #rest: Bytes = NONE;

  constructor(chunks: AsyncIterator<Bytes>) {
    this.#chunks = chunks;
  }

  /** Whether at least this many bytes follow. Meant for small numbers: the bytes are copied together. */
  async fill(bytes: number): Promise<boolean> {
    while (this.#rest.length < bytes) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.#rest = join(this.#rest, value);
    }
    return true;
  }

  async startsWith(magic: readonly number[]): Promise<boolean> {
    return (
      (await this.fill(magic.length)) &&
      magic.every((byte, at) => this.#rest[at] === byte)
    );
  }

  /**
   * Exactly this many bytes.
   *
   * @throws Error if there are fewer
   */
  async take(bytes: number): Promise<Bytes> {
    if (!(await this.fill(bytes))) throw new Error("unexpected end of file");
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  /** The next bytes, at least one and at most this many; null at the end. */
  async chunk(mostBytes = Infinity): Promise<Bytes | null> {
    if (!(await this.fill(1))) return null;
    return this.take(Math.min(this.#rest.length, mostBytes));
  }

  /** Puts back this many bytes from the end of the piece that was taken last. */
  unread(bytes: number): void {
    const { buffer, byteOffset, length } = this.#rest;
    this.#rest = new Uint8Array(buffer, byteOffset - bytes, length + bytes);
  }
}

function join(a: Bytes, b: Bytes): Bytes {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return new Uint8Array(Buffer.concat([a, b]));
}
