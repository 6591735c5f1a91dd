/** What is typed or pasted into the terminal, and the mode in which the terminal hands it out. */
import { openSync } from "node:fs";
import type { ReadableStreamDefaultReader } from "node:stream/web";
import { ReadStream, isatty } from "node:tty";
import { CONTROLLING_TERMINAL } from "../sinks/stdio.ts";
import { PastedText } from "./pasted-text.ts";

export interface InputListener {
  onTyped(bytes: Uint8Array): void;
  onPasted(text: string): void;
  /** The terminal went away. */
  onGone(): void;
}

interface Device {
  readonly fd: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/** A text whose next piece takes longer than this may have lost its end. */
const PASTE_PAUSE_MS = 1000;

/** Of stdin, or of the controlling terminal if stdin is something else; without either nothing is ever typed. */
export class TerminalInput implements Disposable {
  readonly #listener: InputListener;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  /** Used only to set the mode: its own reads block a thread, and would keep the process alive until one more key. */
  readonly #mode: ReadStream | null;
  readonly #pasted = new PastedText();
  #pauseTimer: Timer | undefined;

  constructor(listener: InputListener) {
    this.#listener = listener;
    const device = findDevice();
    this.#mode = device && new ReadStream(device.fd);
    this.#reader = device && device.stream.getReader();
  }

  /** A terminal that has gone away has no mode to set. */
  setRaw(raw: boolean): void {
    try {
      this.#mode?.setRawMode(raw);
    } catch {}
  }

  /** Reads until the terminal is gone, or this is disposed. */
  start(): void {
    if (this.#reader !== null) void this.#readOn(this.#reader);
  }

  async #readOn(
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ): Promise<void> {
    for (;;) {
      const chunk = await reader.read().catch(() => null);
      if (chunk === null || chunk.done) return this.#listener.onGone();
      const { value } = chunk;
      // An exception in a listener is not the terminal's fault, and must not end the reading.
      queueMicrotask(() => this.#take(value));
    }
  }

  #take(bytes: Uint8Array): void {
    clearTimeout(this.#pauseTimer);
    for (const piece of this.#pasted.take(bytes))
      if (piece.type === "typed") this.#listener.onTyped(piece.bytes);
      else this.#listener.onPasted(piece.text);
    if (this.#pasted.isOpen)
      this.#pauseTimer = setTimeout(() => {
        const piece = this.#pasted.pause();
        if (piece !== null) this.#listener.onPasted(piece.text);
      }, PASTE_PAUSE_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#pauseTimer);
    void this.#reader?.cancel();
  }
}

function findDevice(): Device | null {
  if (isatty(0)) return { fd: 0, stream: Bun.stdin.stream() };
  try {
    const fd = openSync(CONTROLLING_TERMINAL, "r");
    return { fd, stream: Bun.file(CONTROLLING_TERMINAL).stream() };
  } catch {
    return null;
  }
}
