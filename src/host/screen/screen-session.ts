/** The terminal while a screen is up, and what happens to all other text that is written in the meantime. */
import type { Terminal } from "../../model/output.ts";
import type { Messages } from "../run/messages.ts";
import { holdBack, type Sink } from "../sinks/sink.ts";
import type { HostTerminal, TerminalOptions } from "./terminal.ts";

export interface ScreenSession extends Disposable {
  /** Null if no output owns it. */
  readonly terminal: Terminal | null;
  /** Stdout for the owner of the terminal. */
  readonly screen: Sink;
  /** Stdout for outputs beside the screen. */
  readonly besideScreen: Sink;
  /** Gives the terminal back, then prints the text that had to wait. */
  leave(): Promise<void>;
}

export function withoutScreen(stdout: Sink): ScreenSession {
  return {
    terminal: null,
    screen: stdout,
    besideScreen: stdout,
    async leave() {},
    [Symbol.dispose]() {},
  };
}

export function openScreenSession(
  openTerminal: (options: TerminalOptions) => HostTerminal,
  options: TerminalOptions,
  stdout: Sink,
  messages: Messages,
): ScreenSession {
  const terminal = openTerminal(options);
  const besideScreen = holdBack(stdout);
  messages.showOn((text) => terminal.message(text));
  let up = true;
  const restore = (): void => {
    if (!up) return;
    up = false;
    terminal[Symbol.dispose]();
    messages.screenGone();
  };
  return {
    terminal,
    screen: terminal,
    besideScreen,
    async leave() {
      restore();
      await besideScreen.release();
    },
    [Symbol.dispose]: restore,
  };
}
