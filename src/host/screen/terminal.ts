/** The user's terminal in raw mode, and how it is restored. */
import { discardTerminalOutput } from "../../kernel/terminal-queue.ts";
import type { Terminal } from "../../model/output.ts";
import { queueSink, TERMINAL_GONE, type Sink } from "../sinks/sink.ts";
import { openStdioQueue, pooledQueue } from "../sinks/stdio.ts";
import {
  answersQuestions,
  parseBackground,
  speaksUnicode,
} from "./terminal-environment.ts";
import { TerminalInput } from "./terminal-input.ts";

export interface TerminalOptions {
  /** Ctrl-C was typed: in raw mode it makes no signal. */
  onInterrupt(): void;
  /** The terminal went away. */
  onHangup(): void;
  /** Aborted when the run is ending: after that nothing waits for a terminal that takes no text. */
  readonly signal?: AbortSignal;
  /** Where the locale and TERM are looked up; by default, the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The host's view of the terminal; outputs see it as a `Terminal`. */
export interface HostTerminal extends Terminal, Sink, Disposable {
  /**
   * Resolves when the text is taken, or dropped because the terminal was given back. While the shell has the terminal,
   * nothing is written, because it would mix with the shell's text; afterwards everything is redrawn.
   *
   * @throws SinkError
   */
  write(text: string): Promise<void>;
  /** Hands a line to the screen's message line. It is kept until there is a listener. */
  message(text: string): void;
}

// Alternate screen, cursor hidden, no wrapping, bracketed paste. The wheel sends keys (alternate scroll), which is how
// some terminals come and others do not, so that its state is saved first.
const ENTER =
  "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?1007s\x1b[?1007h\x1b[0m\x1b[2J";
const MOUSE_ON = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF = "\x1b[?1006l\x1b[?1000l";
// A frame may have been cut off, so its marks and margins are reset. The Linux console has no alternate screen: it is
// cleared, so that the shell's prompt does not appear inside a table.
const LEAVE =
  "\x1b[?2026l\x1b[r\x1b[?1006l\x1b[?1000l\x1b[?1007r\x1b[?2004l\x1b[0m\x1b[2J\x1b[H\x1b[?7h\x1b[?25h\x1b[?1049l";

const CTRL_C = 0x03;
const CTRL_Z = 0x1a;
const FALLBACK_COLUMNS = 80;
const FALLBACK_ROWS = 24;
/** Larger than any wall of displays, and small enough to be drawn within one refresh. */
const MOST_COLUMNS = 2000;
const MOST_ROWS = 1000;
/** How long a stop signal may take to stop us before we conclude that it was ignored. */
const SUSPEND_MS = 100;

/**
 * Enters the alternate screen on stdout, which must be a terminal. Reads keys from stdin, or from the controlling
 * terminal if stdin is something else; without either it runs without keys. Disposing, an exit and an uncaught
 * exception all restore the terminal, once. The host handles signals that end the process.
 */
export function openTerminal(options: TerminalOptions): HostTerminal {
  const environment = options.environment ?? process.env;
  const inputListeners: ((bytes: Uint8Array) => void)[] = [];
  const pasteListeners: ((text: string) => void)[] = [];
  const redrawListeners: (() => void)[] = [];
  const messageListeners: ((text: string) => void)[] = [];
  const unheard: string[] = [];
  const queue = openStdioQueue(1) ?? pooledQueue(1);
  const sink = queueSink(queue, "stdout", TERMINAL_GONE);
  let hasMouse = false;
  let entered = false;
  let suspended = false;
  let unstopped: Timer | undefined;
  let gone = false;
  let disposed = false;

  const redraw = (): void => {
    for (const listener of redrawListeners) listener();
  };

  const enter = (): void => {
    entered = true;
    input.setRaw(true);
    // Queued before all frames. If the terminal has gone away, drawing or reading will notice.
    queue.write(hasMouse ? ENTER + MOUSE_ON : ENTER).catch(() => {});
  };

  const leave = (): void => {
    if (!entered) return;
    entered = false;
    // Restoring the shell's screen matters more than the rest of a frame.
    const isTaken =
      queue.now(LEAVE) || (discardTerminalOutput(1) && queue.now(LEAVE));
    // This call waits until all text is out, which on a blocked serial line is for ever. The runtime itself restores
    // the mode at the exit, without that wait. So does a shell that gets the terminal back when we stop.
    if (isTaken) input.setRaw(false);
  };

  /** The default action of SIGTSTP must do the stopping: where no shell could resume us, the kernel skips it. */
  const suspend = (target: number): void => {
    if (suspended || disposed) return;
    suspended = true;
    leave();
    process.off("SIGTSTP", onStop);
    process.kill(target, "SIGTSTP");
    // After SIGCONT an overdue timer runs before the signal's handler, and a second timer runs after it.
    unstopped = setTimeout(() => {
      unstopped = setTimeout(resume, SUSPEND_MS / 2);
    }, SUSPEND_MS / 2);
  };

  const resume = (): void => {
    if (disposed) return;
    clearTimeout(unstopped);
    if (suspended) process.on("SIGTSTP", onStop);
    suspended = false;
    enter();
    redraw();
  };

  const onStop = (): void => suspend(process.pid);

  const onPasted = (text: string): void => {
    for (const listener of pasteListeners) listener(text);
  };

  const onTyped = (bytes: Uint8Array): void => {
    // Stops every process of the foreground job, as the terminal itself would: sudo and npm stop with us.
    if (bytes.includes(CTRL_Z)) suspend(0);
    if (bytes.includes(CTRL_C)) options.onInterrupt();
    const rest = bytes.filter((byte) => byte !== CTRL_Z && byte !== CTRL_C);
    if (rest.length > 0) for (const listener of inputListeners) listener(rest);
  };

  // By default the runtime prints a fatal error on the alternate screen, where it is lost. If there is another listener
  // for such errors, they need not be fatal, and the screen stays.
  const onUncaught = (): void => {
    if (process.listenerCount("uncaughtException") === 0) leave();
  };
  const onRejection = (reason: unknown): void => {
    if (process.listenerCount("unhandledRejection") > 1) return;
    leave();
    throw reason;
  };

  // A terminal that went away may cause more than one failure.
  const onGone = (): void => {
    if (gone || disposed) return;
    gone = true;
    options.onHangup();
  };

  const drop = (): void => queue.drop();

  const input = new TerminalInput({ onTyped, onPasted, onGone });
  process.stdout.on("resize", redraw);
  options.signal?.addEventListener("abort", drop);
  process.on("SIGTSTP", onStop).on("SIGCONT", resume);
  process.on("exit", leave).on("uncaughtExceptionMonitor", onUncaught);
  process.on("unhandledRejection", onRejection);
  enter();
  input.start();

  return {
    async write(text) {
      if (!entered) return;
      const written = sink.write(text);
      if (options.signal?.aborted) drop();
      await written;
    },
    get columns() {
      return Math.min(process.stdout.columns || FALLBACK_COLUMNS, MOST_COLUMNS);
    },
    get rows() {
      return Math.min(process.stdout.rows || FALLBACK_ROWS, MOST_ROWS);
    },
    unicode: speaksUnicode(environment),
    background: parseBackground(environment["COLORFGBG"]),
    answers: answersQuestions(environment),
    onInput: (listener) => void inputListeners.push(listener),
    onPaste: (listener) => void pasteListeners.push(listener),
    setMouse(on) {
      if (on === hasMouse) return;
      hasMouse = on;
      if (entered) queue.write(on ? MOUSE_ON : MOUSE_OFF).catch(() => {});
    },
    onRedraw: (listener) => void redrawListeners.push(listener),
    onMessage(listener) {
      messageListeners.push(listener);
      for (const text of unheard.splice(0)) listener(text);
    },
    message(text) {
      if (messageListeners.length === 0) unheard.push(text);
      for (const listener of messageListeners) listener(text);
    },
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      clearTimeout(unstopped);
      process.stdout.off("resize", redraw);
      options.signal?.removeEventListener("abort", drop);
      process.off("SIGTSTP", onStop).off("SIGCONT", resume);
      process.off("exit", leave).off("uncaughtExceptionMonitor", onUncaught);
      process.off("unhandledRejection", onRejection);
      leave();
      input[Symbol.dispose]();
    },
  };
}
