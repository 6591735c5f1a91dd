/**
 * Tells pasted text from keys: the terminal puts marks around it (bracketed paste, mode 2004). A pasted text never acts,
 * however it comes: in pieces, with control characters, or without its end. Some terminals know no marks (the Linux
 * console, GNU screen): there, more characters at once than anybody types are text.
 */

export type Typed = {
  readonly type: "typed";
  readonly bytes: Uint8Array;
};
export type Pasted = {
  readonly type: "pasted";
  /** At most `LONGEST_BYTES` of it. */
  readonly text: string;
};

const BEGIN = Buffer.from("\x1b[200~");
const END = Buffer.from("\x1b[201~");
/** The rest is dropped: nobody pastes a book into a prompt. */
const LONGEST_BYTES = 4096;
const ESC = 0x1b;
/** So many characters at once are no keys, unless they are the same few: a key that is held. */
const BURST_CHARACTERS = 32;
const HELD_KEYS = 3;
/** No key is longer than this. */
const LONGEST_KEY_BYTES = 12;

export class PastedText {
  /**
   * "open": between the marks. "burst": of a text without marks, which ends when nothing comes for a while.
   * "doubtful": nothing has come for a while, so the end may be lost. From then on a key that comes alone is a key, and
   * ends the doubt; several characters at once are more of the text.
   */
  #state: "closed" | "open" | "burst" | "doubtful" = "closed";
  /** How much of the next mark has come. */
  #matched = 0;
  /** How much of that has been handed on as typed. */
  #given = 0;
  #content: number[] = [];

  /** Whether text is coming whose end has not come. */
  get isOpen(): boolean {
    return this.#state === "open" || this.#state === "burst";
  }

  /** What has been read, in order. */
  take(bytes: Uint8Array): readonly (Typed | Pasted)[] {
    if (this.#state === "doubtful" && isOneKey(bytes)) this.#state = "closed";
    if (this.#state === "closed" && isBurst(bytes)) this.#state = "burst";
    if (this.#state === "burst") {
      this.#keep(bytes);
      return [];
    }
    const pieces: (Typed | Pasted)[] = [];
    let typed: number[] = [];
    const flush = (): void => {
      if (typed.length > 0)
        pieces.push({ type: "typed", bytes: Uint8Array.from(typed) });
      typed = [];
    };
    for (const byte of bytes) {
      const isClosed = this.#state === "closed";
      const mark = isClosed ? BEGIN : END;
      if (byte === mark[this.#matched]) {
        this.#matched++;
        if (this.#matched < mark.length) continue;
        this.#matched = 0;
        this.#given = 0;
        flush();
        if (isClosed) this.#state = "open";
        else {
          pieces.push(this.#text());
          this.#state = "closed";
        }
        continue;
      }
      const held = mark.subarray(this.#given, this.#matched);
      this.#given = 0;
      this.#matched = byte === ESC ? 1 : 0;
      const decided = byte === ESC ? held : [...held, byte];
      if (isClosed) typed.push(...decided);
      else this.#keep(decided);
    }
    // An Esc alone is a key, so it is handed on at once. All else is held until it is decided.
    if (this.#state === "closed" && this.#matched === 1 && this.#given === 0) {
      typed.push(ESC);
      this.#given = 1;
    }
    flush();
    if (this.#state === "doubtful" && this.#content.length > 0)
      pieces.push(this.#text());
    return pieces;
  }

  /** Nothing has come for a while: what there is of an open text, if any. */
  pause(): Pasted | null {
    if (!this.isOpen) return null;
    this.#state = this.#state === "burst" ? "closed" : "doubtful";
    return this.#text();
  }

  #keep(bytes: Iterable<number>): void {
    for (const byte of bytes)
      if (this.#content.length < LONGEST_BYTES) this.#content.push(byte);
  }

  #text(): Pasted {
    const text = new TextDecoder().decode(Uint8Array.from(this.#content));
    this.#content = [];
    // While in doubt, another text may begin.
    return { type: "pasted", text: text.replaceAll(String(BEGIN), "") };
  }
}

function isBurst(bytes: Uint8Array): boolean {
  return (
    bytes.length >= BURST_CHARACTERS &&
    !bytes.includes(ESC) &&
    new Set(bytes).size > HELD_KEYS
  );
}

/** One byte, one character, or one sequence. */
function isOneKey(bytes: Uint8Array): boolean {
  if (bytes.length === 1) return true;
  if (bytes[0] === ESC)
    return bytes.length <= LONGEST_KEY_BYTES && !bytes.includes(ESC, 1);
  return bytes[0]! >= 0xc2 && [...new TextDecoder().decode(bytes)].length === 1;
}
