/** The colours of the screen: the theme that the user has chosen, and what the terminal says of its background. */
import type { ColorLevel, Terminal } from "../../../src/model/index.ts";
import {
  BACKGROUND_QUESTION,
  BackgroundQuestion,
} from "../input/background-question.ts";
import { Memo } from "../memo.ts";
import { createSgr, type Sgr } from "./sgr.ts";
import {
  createPaint,
  themeOf,
  type Background,
  type ThemeName,
} from "./theme.ts";

/** How long an answer is waited for at the end, so that it does not come to the shell. Nothing else waits for it. */
const ANSWER_MS = 50;

export class Colors {
  readonly #level: ColorLevel;
  #background: Background | null;
  readonly #question: BackgroundQuestion | null;
  #askedMs = 0;
  readonly #answered = Promise.withResolvers<void>();
  readonly #memo = new Memo<Sgr>();

  /** @param level as the command line and the environment have it */
  constructor(
    level: ColorLevel,
    { background, answers }: Pick<Terminal, "background" | "answers">,
  ) {
    this.#level = level;
    this.#background = background;
    this.#question = answers && level > 0 ? new BackgroundQuestion() : null;
  }

  /** What is to be sent before the first frame. */
  ask(): string {
    this.#askedMs = performance.now();
    return this.#question === null ? "" : BACKGROUND_QUESTION;
  }

  /** Returns what was typed: all bytes but those of the answer. */
  hear(bytes: Uint8Array): Uint8Array {
    if (this.#question === null) return bytes;
    const heard = this.#question.hear(bytes);
    this.#background = heard.background ?? this.#background;
    if (!this.#question.isOpen) this.#answered.resolve();
    return heard.bytes;
  }

  /** Bytes that nothing has followed are about to be taken for keys. */
  giveUp(bytes: Uint8Array): void {
    this.#question?.giveUp(bytes);
  }

  /** The same object for as long as the colours are the same. */
  sgrOf({
    theme,
    colors,
  }: {
    readonly theme: ThemeName;
    readonly colors: boolean;
  }): Sgr {
    // If the user turns colours on where there are none, the terminal is taken to know sixteen.
    const level = colors ? this.#level || 1 : 0;
    const wanted = themeOf(theme, this.#background, level);
    return this.#memo.get([wanted], () => createSgr(createPaint(wanted)));
  }

  /** Waits for the answer, if it may still be on its way. */
  async close(): Promise<void> {
    const leftMs = this.#askedMs + ANSWER_MS - performance.now();
    if (this.#question?.isOpen && leftMs > 0)
      await Promise.race([this.#answered.promise, Bun.sleep(leftMs)]);
  }
}
