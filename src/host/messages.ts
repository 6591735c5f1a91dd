/**
 * What iotop has to say besides samples: to stderr, or to the screen's message line while one is up. Its words:
 *
 * - a *problem* is what is wrong with one sample, as the sample itself shows (`src/model/health.ts`);
 * - a *notice* is what a source lacks and why, which only the source knows (`src/sources/source.ts`): it explains
 *   problems, which then need not be said;
 * - a *message* is one line for the user: a *warning* if all goes on (of notices and problems `source-warnings.ts` makes
 *   one each, and outputs have `ctx.warn`), an *error* if something has ended because of it.
 */
import { writeSync } from "node:fs";
import { escapeText } from "../model/format.ts";
import { openStdioQueue } from "./stdio.ts";
import type { WriteQueue } from "./write-queue.ts";

/** Where stderr leads if it can be written without a wait; undefined until there is something to say. */
let stderr: WriteQueue | null | undefined;

/**
 * One line to stderr, safe to show. Never throws: there is nobody left to tell. Never waits: a terminal or a pipe
 * that takes nothing gets the line when it does, at the latest as the process exits.
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
