/** The message on the screen, which leaves by itself. */

const MESSAGE_MS = 6000;

export class TimedMessage {
  readonly #onChange: () => void;
  #text: string | null = null;
  #timer: Timer | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get text(): string | null {
    return this.#text;
  }

  /** @param text null: none */
  readonly show = (text: string | null): void => {
    this.#text = text;
    clearTimeout(this.#timer);
    if (text !== null)
      this.#timer = setTimeout(() => this.show(null), MESSAGE_MS);
    this.#onChange();
  };

  /** Lets it stand. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
