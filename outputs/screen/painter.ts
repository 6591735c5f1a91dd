/** Prints frames: what differs from the one before, one print at a time. */
import { diffFrames, type Painted } from "./cells/diff.ts";
import type { Frame } from "./cells/frame.ts";
import type { Sgr } from "./cells/sgr.ts";

export interface Picture {
  readonly frame: Frame;
  readonly sgr: Sgr;
}

export class Painter {
  readonly #compose: () => Picture;
  readonly #print: (text: string) => Promise<void>;
  /** What the terminal shows; null if that is not known. */
  #last: (Picture & Painted) | null = null;
  /** The print under way, if any, and whether the content has changed since it began. */
  #painting: Promise<void> | null = null;
  #stale = false;
  #closed = false;
  #failure: Error | null = null;

  /** @param compose makes the frame of this moment */
  constructor(compose: () => Picture, print: (text: string) => Promise<void>) {
    this.#compose = compose;
    this.#print = print;
  }

  /** The colours of the last frame. */
  get sgr(): Sgr | null {
    return this.#last?.sgr ?? null;
  }

  /** The first exception of a repaint that nobody awaited. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Prints the changes. If a print is under way, prints once more after it. */
  repaint(): Promise<void> {
    this.#stale = true;
    return (this.#painting ??= this.#paintAll().finally(() => {
      this.#painting = null;
      // What changed after the last print, but before this, would wait for the next sample.
      return this.#stale && !this.#closed ? this.repaint() : undefined;
    }));
  }

  repaintSoon(): void {
    this.repaint().catch((error: Error) => {
      this.#failure ??= error;
    });
  }

  /** Draws the whole frame next time: what the terminal shows is not known any more. */
  forget(): void {
    this.#last = null;
  }

  /** Draws no more. */
  close(): void {
    this.#closed = true;
  }

  async #paintAll(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      const { frame, sgr } = this.#compose();
      const before = this.#last?.sgr === sgr ? this.#last : null;
      const { text, after } = diffFrames(before, frame, sgr);
      this.#last = { ...after, sgr };
      if (text !== "") await this.#print(text);
    }
  }
}
