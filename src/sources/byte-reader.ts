export type Bytes = Uint8Array<ArrayBuffer>;

const NONE: Bytes = new Uint8Array(0);

/** Bytes that come in chunks, in the pieces that one wants. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Bytes>;
  /** Read, and not yet taken. */
  #rest: Bytes = NONE;

  constructor(chunks: AsyncIterator<Bytes>) {
    this.#chunks = chunks;
  }

  /** Whether there are at least so many bytes. Meant for few: they are copied together. */
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
   * Exactly so many bytes.
   *
   * @throws Error if there are less
   */
  async take(bytes: number): Promise<Bytes> {
    if (!(await this.fill(bytes))) throw new Error("unexpected end of file");
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  /** What comes next, at least one byte and at most so many; null at the end. */
  async chunk(mostBytes = Infinity): Promise<Bytes | null> {
    if (!(await this.fill(1))) return null;
    return this.take(Math.min(this.#rest.length, mostBytes));
  }

  /** Gives back so many bytes of the end of what was taken last. */
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
