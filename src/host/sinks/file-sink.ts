/** The file or FIFO that an output prints to. */
import type { FileHandle } from "node:fs/promises";
import { isatty } from "node:tty";
import { systemClock, type AlarmClock } from "../../kernel/clock.ts";
import { LogFile, type LogPlace, type LogSurroundings } from "./log-file.ts";
import type { Sample } from "../../model/sample.ts";
import { openTarget } from "../files/open-target.ts";
import {
  headed,
  queueSink,
  PIPE_GONE,
  SinkError,
  TERMINAL_GONE,
  type Sink,
} from "./sink.ts";
import { nonBlockingQueue } from "./stdio.ts";
import { Turns } from "./turns.ts";
import { WriteQueue } from "./write-queue.ts";

/** Files of an output: one, or those of a store. */
export interface FileSink extends Sink {
  /** What is written from now on belongs to this sample. @throws Retry while there is too little space */
  begin?(sample: Sample): Promise<void>;
  /** The run has ended, and nobody is in a hurry. What is still to do is done before later texts. */
  finish?(): void;
  /**
   * Does not wait until a FIFO has a reader. Texts wait for one, until the run ends.
   *
   * @throws SinkError
   */
  open(around: LogSurroundings): Promise<void>;
  /** Looks at once whether a regular file was renamed; otherwise that is found within a second of the next text. */
  reopen(): void;
  close(): Promise<void>;
}

/** How often iotop checks whether a FIFO has a reader, ms. */
const ASK_MS = 250;

export function fileSink(
  path: string,
  mode: number | null = null,
  clock: AlarmClock = systemClock,
): FileSink {
  const place = { name: path, path, open: () => openTarget(path, { mode }) };
  let surroundings: LogSurroundings;
  let opened: Opened | null = null;
  const ended = Promise.withResolvers<void>();
  let isEnding = false;
  let isClosed = false;
  const turns = new Turns();

  const openFile = async (): Promise<Opened | null> => {
    try {
      const handle = await place.open();
      if (handle === null) return null;
      return (await handle.stat()).isFile()
        ? await openLog(handle, place, surroundings, clock)
        : { sink: await handleSink(handle, path), handle, log: null };
    } catch (cause) {
      throw new SinkError(path, cause, []);
    }
  };
  const openRead = async (): Promise<Opened> => {
    for (;;) {
      const isLastTry = isEnding;
      const file = await openFile();
      if (file !== null) return file;
      if (isLastTry)
        throw new SinkError(
          path,
          new Error("no program has read this FIFO"),
          [],
        );
      await Promise.race([Bun.sleep(ASK_MS), ended.promise]);
    }
  };
  return {
    async open(around) {
      surroundings = around;
      const { warn, signal } = around;
      const end = (): void => {
        isEnding = true;
        ended.resolve();
      };
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      // In turn: who asks to open it anew by now means the file that is being opened.
      await turns.take(async () => void (opened = await openFile()));
      if (opened === null)
        warn(`the FIFO ${path} has no reader yet: waiting for one`);
    },
    write: (text, heading) =>
      turns.take(async () => {
        if (isClosed) throw new SinkError(path, new Error("it is closed"), []);
        await (opened ??= await openRead()).sink.write(text, heading);
      }),
    reopen() {
      void turns.take(async () => {
        if (!isClosed) await opened?.log?.follow();
      });
    },
    async close() {
      // Texts that the output did not await are written first. Later nothing may be written to the descriptor: its
      // number is reused for the next file that is opened.
      await turns.idle();
      isClosed = true;
      await (opened?.log ?? opened?.handle)?.close();
      opened = null;
    },
  };
}

/** A file, and how it is written to. */
interface Opened {
  readonly sink: Sink;
  readonly handle: FileHandle;
  /** Null if it is no regular file. */
  readonly log: LogFile | null;
}

async function openLog(
  handle: FileHandle,
  place: LogPlace,
  around: LogSurroundings,
  clock: AlarmClock,
): Promise<Opened> {
  const log = await LogFile.of(handle, place, around, clock);
  return { sink: queueSink(log, place.name, PIPE_GONE), handle, log };
}

/**
 * Devices are written by a thread of the runtime, because they may block. Pipes and terminals are written without
 * waiting.
 */
async function handleSink(handle: FileHandle, path: string): Promise<Sink> {
  const isTerminal = isatty(handle.fd);
  const hasReader = isTerminal || (await handle.stat()).isFIFO();
  const queue = hasReader
    ? nonBlockingQueue(handle.fd)
    : new WriteQueue(async (bytes) => (await handle.write(bytes)).bytesWritten);
  return headed(queueSink(queue, path, isTerminal ? TERMINAL_GONE : PIPE_GONE));
}
