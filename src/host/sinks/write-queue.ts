/** Texts waiting for a descriptor. It may take nothing for as long as its reader likes; nothing else is held up. */
import { errorCode } from "../../errors.ts";

/** Returns how many bytes the system has taken; EAGAIN and 0 mean none for now. */
export type WriteSome = (bytes: Uint8Array) => number | Promise<number>;

interface Piece {
  rest: Uint8Array;
  readonly taken: () => void;
  readonly failed: (cause: unknown) => void;
}

/**
 * Pauses between tries of a descriptor that takes nothing, ms. Polling is needed because the runtime's own writers
 * cannot wait here: Bun.file(fd).writer() takes O_NONBLOCK off a terminal, and its sockets send to sockets alone.
 */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 64;
/** How many tries text that cannot wait gets, a millisecond apart. */
const LAST_TRIES = 100;

/** Takes texts in order. Only `drop` cuts one; a failed text does not stop those that follow. */
export class WriteQueue {
  readonly #writeSome: WriteSome;
  readonly #writeNow: ((bytes: Uint8Array) => number) | null;
  readonly #waiting: Piece[] = [];
  #isPumping = false;
  /** A write is with the system, for an unknown time. */
  #inFlight = false;

  /** @param writeNow for text that cannot wait; not called while a promise of `writeSome` is pending */
  constructor(
    writeSome: WriteSome,
    writeNow: ((bytes: Uint8Array) => number) | null = null,
  ) {
    this.#writeSome = writeSome;
    this.#writeNow = writeNow;
  }

  /** Resolves when the system has taken all of the text, or it was dropped. @throws what the system said */
  write(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const rest = Buffer.from(text);
    if (rest.length === 0) resolve();
    else this.#waiting.push({ rest, taken: resolve, failed: reject });
    if (!this.#isPumping) void this.#pump();
    return promise;
  }

  /** Drops all waiting texts, even one that is half written. */
  drop(): void {
    for (const { taken } of this.#waiting.splice(0)) taken();
  }

  /**
   * Writes the text instead of all that is waiting, before this returns: the process may be about to end.
   *
   * @returns false if it was not taken whole within a tenth of a second, or not at all
   */
  now(text: string): boolean {
    this.drop();
    return this.#tryAll(Buffer.from(text));
  }

  /** Like `now`, for the texts that are waiting. */
  flushNow(): boolean {
    const waiting = this.#waiting.map(({ rest }) => rest);
    this.drop();
    return this.#tryAll(Buffer.concat(waiting));
  }

  #tryAll(bytes: Uint8Array): boolean {
    let rest = bytes;
    for (let tries = 0; rest.length > 0 && tries < LAST_TRIES; tries++) {
      if (this.#writeNow === null || this.#inFlight) return false;
      if (tries > 0) Bun.sleepSync(1);
      try {
        rest = rest.subarray(this.#writeNow(rest));
      } catch (error) {
        if (errorCode(error) !== "EAGAIN") return false;
      }
    }
    return rest.length === 0;
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const piece = this.#waiting[0];
      if (piece === undefined) break;
      const count = await this.#takeSome(piece);
      pauseMs = count > 0 ? FIRST_PAUSE_MS : pauseMs;
      if (piece.rest.length === 0 && this.#remove(piece)) piece.taken();
      if (count > 0 || this.#waiting[0] !== piece) continue;
      await Bun.sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.#isPumping = false;
  }

  /** Also resolves with 0 when the piece has failed; it is removed then. */
  async #takeSome(piece: Piece): Promise<number> {
    try {
      const taken = this.#writeSome(piece.rest);
      this.#inFlight = typeof taken !== "number";
      // Awaits only if it must: otherwise `flushNow` could find bytes here that were taken already.
      const count = typeof taken === "number" ? taken : await taken;
      piece.rest = piece.rest.subarray(count);
      return count;
    } catch (cause) {
      if (errorCode(cause) !== "EAGAIN" && this.#remove(piece))
        piece.failed(cause);
      return 0;
    } finally {
      this.#inFlight = false;
    }
  }

  /** False if it was dropped in the meantime. */
  #remove(piece: Piece): boolean {
    if (this.#waiting[0] !== piece) return false;
    this.#waiting.shift();
    return true;
  }
}
