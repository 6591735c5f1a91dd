/**
 * What iotop reports besides samples: on stderr, or on the screen's message line while there is one. The terms:
 *
 * - a *problem* is what is wrong with one sample, as the sample itself shows (`src/model/health.ts`);
 * - a *notice* says what a source lacks and why, which only the source knows (`src/sources/source.ts`); it explains
 *   problems, which then need no report of their own;
 * - a *message* is one line for the user: a *warning* if everything goes on (`source-warnings.ts` makes one of each
 *   notice and problem, and outputs have `ctx.warn`), an *error* if something has ended because of it.
 */
import { writeSync } from "node:fs";
import { escapeText } from "../../model/text/format.ts";
import { openStdioQueue } from "../sinks/stdio.ts";
import type { WriteQueue } from "../sinks/write-queue.ts";

/** A queue for stderr if it can be written without waiting; undefined until there is something to write. */
let stderr: WriteQueue | null | undefined;

/**
 * Writes one line to stderr, safe to show. Never throws, because an error could not be reported any more. Never waits:
 * a terminal or pipe that is full gets the line when it has room, at the latest when the process exits.
 */
export function printError(text: string): void {
  if (stderr === undefined) {
    stderr = openStdioQueue(2);
    process.on("exit", () => void stderr?.flushNow());
  }
  const line = `iotop: ${escapeText(text)}\n`;
  if (stderr !== null) return void stderr.write(line).catch(() => {});
  try {
    writeSync(2, line);
  } catch {}
}

export class Messages {
  readonly #print: (text: string) => void;
  #screen: ((text: string) => void) | null = null;
  readonly #afterwards: string[] = [];

  constructor(print: (text: string) => void = printError) {
    this.#print = print;
  }

  /** From now on, lines go to the screen. */
  showOn(screen: (text: string) => void): void {
    this.#screen = screen;
  }

  /** The screen is gone: the lines that it could show only briefly are printed. */
  screenGone(): void {
    this.#screen = null;
    for (const text of this.#afterwards.splice(0)) this.#print(text);
  }

  warn(text: string): void {
    (this.#screen ?? this.#print)(text);
  }

  /**
   * Something has ended because of this. It is printed too, so that it can still be read after the screen has closed.
   */
  error(text: string): void {
    this.warn(text);
    if (this.#screen !== null) this.#afterwards.push(text);
  }
}
