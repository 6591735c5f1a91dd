/** Where `print` writes. A sink takes text in order and reports when it is taken. */
import { describeError, errorCode } from "../../errors.ts";
import { wasClosed } from "../../kernel/closed-descriptors.ts";
import { openStdioQueue, pooledQueue } from "./stdio.ts";
import { Turns } from "./turns.ts";

export interface Sink {
  /**
   * Resolves when the system has taken all of it.
   *
   * @param heading goes before it where nothing stands yet; what is no file need not know where
   * @throws SinkError
   */
  write(text: string, heading?: string): Promise<void>;
}

/** Of what cannot be looked at, the beginning is the first text that it gets. */
export function headed(sink: Sink): Sink {
  let isFresh = true;
  return {
    async write(text, heading = "") {
      const whole = isFresh ? heading + text : text;
      isFresh &&= whole === "";
      await sink.write(whole);
    },
  };
}

/** Text that could not be written, and its destination. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  /** The reader is gone: the pipe is closed, or the terminal has hung up. */
  readonly readerGone: boolean;

  constructor(place: string, cause: unknown, goneCodes: readonly string[]) {
    super(`${place}: ${describeError(cause)}`, { cause });
    this.readerGone = goneCodes.includes(errorCode(cause) ?? "");
  }
}

export const PIPE_GONE = ["EPIPE", "ECONNRESET"] as const;
/** From a terminal, an input/output error means that it has hung up; from anything else, that the device is broken. */
export const TERMINAL_GONE = [...PIPE_GONE, "EIO"] as const;

/** Makes writes wait for each other, so that texts never mix. */
export function inOrder(write: Sink["write"]): Sink["write"] {
  const turns = new Turns();
  return (text) => turns.take(() => write(text));
}

export function openStdout(isTerminal: boolean): Sink {
  if (wasClosed(1)) return CLOSED_STDOUT;
  const gone = isTerminal ? TERMINAL_GONE : PIPE_GONE;
  const queue = openStdioQueue(1) ?? (isTerminal ? pooledQueue(1) : null);
  return queue === null
    ? runtimeStdout(gone)
    : queueSink(queue, "stdout", gone);
}

/** Otherwise lines would go to /dev/null unnoticed. */
const CLOSED_STDOUT: Sink = {
  async write() {
    throw new SinkError("stdout", new Error("it is closed"), []);
  },
};

/** @param place for the errors, which are `SinkError`s: "stdout" */
export function queueSink(
  queue: Pick<Sink, "write">,
  place: string,
  goneCodes: readonly string[],
): Sink {
  return {
    async write(text, heading) {
      try {
        await queue.write(text, heading);
      } catch (cause) {
        throw new SinkError(place, cause, goneCodes);
      }
    },
  };
}

/** For files and sockets. Not console.log, which hides a closed pipe, and not process.stdout, which starts slowly. */
function runtimeStdout(goneCodes: readonly string[]): Sink {
  const writer = Bun.stdout.writer();
  return {
    write: inOrder(async (text) => {
      try {
        // Either promise may be the one that fails: with much text the first does, and the second succeeds.
        await Promise.all([writer.write(text), writer.flush()]);
      } catch (cause) {
        throw new SinkError("stdout", cause, goneCodes);
      }
    }),
  };
}

export interface HeldSink extends Sink {
  release(): Promise<void>;
}

/** Enough for a report. An output that prints with every sample would otherwise grow without end. */
const MAX_HELD_CHARACTERS = 2 ** 20;

/**
 * Stdout for outputs that print beside a screen: their text waits until the screen is gone, and is printed then. What is
 * too much to be held is refused.
 */
export function holdBack(sink: Sink): HeldSink {
  let held: string[] | null = [];
  let length = 0;
  return {
    async write(text) {
      if (held === null) return sink.write(text);
      length += text.length;
      if (length > MAX_HELD_CHARACTERS)
        throw new Error(
          "prints more than iotop can hold until the screen closes: run it without a screen",
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
