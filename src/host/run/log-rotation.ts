/** Signals that ask to open files anew, after they were renamed. */
import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import type { StopSignal } from "./signals.ts";
import { parseTerminal } from "../sinks/stdio.ts";

/** The files of a run that can be opened anew. */
export class LogRotation {
  readonly #files: (() => void)[] = [];

  add(reopen: () => void): void {
    this.#files.push(reopen);
  }

  reopen(): void {
    for (const reopen of this.#files) reopen();
  }
}

/**
 * The signals that ask for it. A run without files ends by them, and so does one on a terminal by SIGHUP, which says
 * there that the terminal is gone.
 */
export function rotationSignals(
  hasFile: boolean,
  isOnTerminal: boolean,
): readonly StopSignal[] {
  if (!hasFile) return [];
  return isOnTerminal ? ["SIGUSR1"] : ["SIGUSR1", "SIGHUP"];
}

/** Whether anything of this process is on a terminal. */
export function isOnTerminal(): boolean {
  if ([0, 1, 2].some((fd) => isatty(fd))) return true;
  try {
    return parseTerminal(readFileSync("/proc/self/stat", "latin1")) !== 0;
  } catch {
    return true;
  }
}
