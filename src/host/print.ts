/** Where `print` leads. A sink takes text in order and says when it is taken. */
import { open, type FileHandle } from "node:fs/promises";
import { describeError, errorCode } from "./describe-error.ts";

export interface Sink {
  /** Resolves when the system has taken all of it. @throws SinkError */
  write(text: string): Promise<void>;
}

/** Text that could not be written, and where. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  /** Nobody reads on: the pipe is closed, or the terminal is gone. */
  readonly readerGone: boolean;

  constructor(place: string, cause: unknown, goneCodes: readonly string[]) {
    super(`${place}: ${describeError(cause)}`, { cause });
    this.readerGone = goneCodes.includes(errorCode(cause) ?? "");
  }
}

const PIPE_GONE = ["EPIPE", "ECONNRESET"] as const;
/** From a terminal an input/output error means that it has hung up; from anything else it is a broken device. */
const TERMINAL_GONE = [...PIPE_GONE, "EIO"] as const;

/** One write after the other, so that texts never mix; a failed one does not stop those that follow. */
function inOrder(
  write: (text: string) => Promise<unknown>,
  toError: (cause: unknown) => SinkError,
): Sink["write"] {
  let last: Promise<unknown> = Promise.resolve();
  return async (text) => {
    const next = last.then(() => write(text));
    last = next.catch(() => {});
    try {
      await next;
    } catch (cause) {
      throw toError(cause);
    }
  };
}

/** `Bun.stdout.writer()` and not console.log, which hides a closed pipe, nor process.stdout, which starts slowly. */
export function openStdout(isTerminal: boolean): Sink {
  const writer = Bun.stdout.writer();
  return {
    write: inOrder(
      async (text) => {
        // Either of the two may be the one that fails: with much text it is the first, and the second succeeds.
        await Promise.all([writer.write(text), writer.flush()]);
      },
      (cause) =>
        new SinkError("stdout", cause, isTerminal ? TERMINAL_GONE : PIPE_GONE),
    ),
  };
}

export interface FileSink extends Sink {
  /** @throws SinkError */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Appends, so that a log survives a restart and may be cut by logrotate's copytruncate. */
export function fileSink(path: string): FileSink {
  let file: FileHandle | null = null;
  const toError = (cause: unknown): SinkError =>
    new SinkError(path, cause, PIPE_GONE);
  return {
    async open() {
      try {
        file = await open(path, "a");
      } catch (cause) {
        throw toError(cause);
      }
    },
    write: inOrder(async (text) => file!.appendFile(text), toError),
    async close() {
      await file?.close();
      file = null;
    },
  };
}

export interface HeldSink extends Sink {
  release(): Promise<void>;
}

/** Enough for a report; what prints with every sample would grow without end. */
const MAX_HELD_CHARACTERS = 2 ** 20;

/** Stdout for outputs that print beside a screen: their text waits until the screen is gone, and is let through then. */
export function holdBack(sink: Sink): HeldSink {
  let held: string[] | null = [];
  let length = 0;
  return {
    async write(text) {
      if (held === null) return sink.write(text);
      length += text.length;
      if (length > MAX_HELD_CHARACTERS)
        throw new Error(
          "prints more than can wait for the end of the screen: run it without a screen",
        );
      held.push(text);
    },
    async release() {
      const text = held?.join("") ?? "";
      held = null;
      if (text !== "") await sink.write(text);
    },
  };
}
