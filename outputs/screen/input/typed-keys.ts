/** Makes keys of what the terminal sends: pieces of one sequence are put together, and answers are taken out. */
import { NO_BYTES, flushKeys, joinBytes, parseKeys } from "./key-parser.ts";
import type { Key } from "./key-parser.ts";

/** How long an Esc must stand alone to count as the Esc key and not as the beginning of a sequence. */
const ESCAPE_MS = 40;

/** Takes the terminal's answers out of what it sends. */
export interface AnswerHearer {
  /** Returns what was typed. */
  hear(bytes: Uint8Array): Uint8Array;
  /** Bytes that nothing has followed are about to be taken for keys. */
  giveUp(bytes: Uint8Array): void;
}

export class TypedKeys {
  readonly #answers: AnswerHearer;
  readonly #press: (keys: readonly Key[]) => void;
  #pending: Uint8Array = NO_BYTES;
  #timer: Timer | undefined;

  constructor(answers: AnswerHearer, press: (keys: readonly Key[]) => void) {
    this.#answers = answers;
    this.#press = press;
  }

  take(bytes: Uint8Array): void {
    clearTimeout(this.#timer);
    const typed = this.#answers.hear(joinBytes(this.#pending, bytes));
    const { keys, rest } = parseKeys(NO_BYTES, typed);
    this.#pending = rest;
    this.#press(keys);
    if (rest.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#pending = NO_BYTES;
      this.#answers.giveUp(rest);
      this.#press(flushKeys(rest));
    }, ESCAPE_MS);
  }

  /** Forgets the beginning of a sequence, as it was that of something else. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#pending = NO_BYTES;
  }
}
