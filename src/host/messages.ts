/** What iotop has to say besides samples: to stderr, or to the screen's message line while one is up. */
import { writeSync } from "node:fs";
import { escapeText } from "../model/format.ts";

/** One line to stderr, safe to show. Never throws: there is nobody left to tell. */
export function printError(text: string): void {
  try {
    writeSync(2, `iotop: ${escapeText(text)}\n`);
  } catch {}
}

export class Messages {
  readonly #print: (text: string) => void;
  #screen: ((text: string) => void) | null = null;
  readonly #afterwards: string[] = [];

  constructor(print: (text: string) => void = printError) {
    this.#print = print;
  }

  /** From now on lines go to the screen. */
  showOn(screen: (text: string) => void): void {
    this.#screen = screen;
  }

  /** The screen is gone: what it could only show in passing is printed. */
  screenGone(): void {
    this.#screen = null;
    for (const text of this.#afterwards.splice(0)) this.#print(text);
  }

  warn(text: string): void {
    (this.#screen ?? this.#print)(text);
  }

  /** Something has ended because of this, so it must also be read by those who find only the shell. */
  error(text: string): void {
    this.warn(text);
    if (this.#screen !== null) this.#afterwards.push(text);
  }
}
