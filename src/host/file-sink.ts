/** The file or FIFO that an output prints to. */
import type { FileHandle } from "node:fs/promises";
import { isatty } from "node:tty";
import { openTarget } from "./open-target.ts";
import {
  inOrder,
  queueSink,
  PIPE_GONE,
  SinkError,
  TERMINAL_GONE,
  type Sink,
} from "./sink.ts";
import { nonBlockingQueue } from "./stdio.ts";
import { WriteQueue } from "./write-queue.ts";

export interface FileSink extends Sink {
  /**
   * Does not wait until a FIFO has a reader. Texts wait for one, until the run ends.
   *
   * @throws SinkError
   */
  open(around: FileSurroundings): Promise<void>;
  close(): Promise<void>;
}

export interface FileSurroundings {
  warn(text: string): void;
  /** Aborted when the run is ending. */
  readonly signal: AbortSignal;
}

/** How often iotop checks whether a FIFO has a reader, ms. */
const ASK_MS = 250;

export function fileSink(path: string): FileSink {
  let handle: FileHandle | null = null;
  let sink: Sink | null = null;
  const ended = Promise.withResolvers<void>();
  let isEnding = false;
  let isClosed = false;
  let last = Promise.resolve();

  const openFile = async (): Promise<Sink | null> => {
    handle = await openTarget(path).catch((cause) => {
      throw new SinkError(path, cause, []);
    });
    return handle && (await handleSink(handle, path));
  };
  const openRead = async (): Promise<Sink> => {
    for (;;) {
      const isLastTry = isEnding;
      const opened = await openFile();
      if (opened !== null) return opened;
      if (isLastTry)
        throw new SinkError(path, new Error("nobody has read this FIFO"), []);
      await Promise.race([Bun.sleep(ASK_MS), ended.promise]);
    }
  };
  const write = inOrder(async (text) => {
    if (isClosed) throw new SinkError(path, new Error("it is closed"), []);
    await (sink ??= await openRead()).write(text);
  });
  return {
    async open({ warn, signal }) {
      const end = (): void => {
        isEnding = true;
        ended.resolve();
      };
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      sink = await openFile();
      if (sink === null)
        warn(`nobody reads the FIFO ${path}: waiting for a reader`);
    },
    write: (text) => (last = write(text)),
    async close() {
      // Texts that the output did not await are written first. Later nothing may be written to the descriptor: its
      // number is reused for the next file that is opened.
      await last.catch(() => {});
      isClosed = true;
      await handle?.close();
      handle = null;
    },
  };
}

/**
 * Files are written by a thread of the runtime, because a disk may block. Pipes and the like are written without
 * waiting.
 */
async function handleSink(handle: FileHandle, path: string): Promise<Sink> {
  const isTerminal = isatty(handle.fd);
  const hasReader = isTerminal || (await handle.stat()).isFIFO();
  return queueSink(
    hasReader
      ? nonBlockingQueue(handle.fd)
      : new WriteQueue(
          async (bytes) => (await handle.write(bytes)).bytesWritten,
        ),
    path,
    isTerminal ? TERMINAL_GONE : PIPE_GONE,
  );
}
