/**
 * A store of recordings: a folder with a file for each host and period. It goes by the time of the samples, so that a
 * recording that is replayed into it makes the files that were made then.
 */
import { systemClock, type AlarmClock } from "../../kernel/clock.ts";
import { Retry } from "../../model/retry.ts";
import type { Sample } from "../../model/sample.ts";
import {
  storeFileName,
  storeHost,
  storePeriodStart,
  type StoreFile,
} from "../../model/store/store-files.ts";
import { openShareBytes } from "../../model/store/store-limits.ts";
import type { StoreSettings } from "../../output-options/file-options.ts";
import { describeError } from "../../errors.ts";
import type { FileSink } from "../sinks/file-sink.ts";
import { LogFile, isFull, type LogSurroundings } from "../sinks/log-file.ts";
import { PIPE_GONE, SinkError, queueSink, type Sink } from "../sinks/sink.ts";
import { Turns } from "../sinks/turns.ts";
import { finishCompressing } from "./compress.ts";
import type { StoreFolder } from "./folder.ts";
import { adviceForMax, cutFile, tidyStore, type TidyOptions } from "./tidy.ts";

/** How soon it is looked again whether there is space. */
const SPACE_RETRY_MS = 1000;
const SPACE_LOOK_NS = 1e9;

/** The file that the samples of a host go to now. */
interface OpenFile {
  readonly name: string;
  /** How much it may grow until it is seen to; below 0, that is due. */
  roomBytes: number;
  readonly log: LogFile;
  readonly sink: Sink;
}

interface HostFiles {
  /** As in names of files. */
  readonly host: string;
  open: OpenFile | null;
  /** The time of its newest sample, Unix ms. */
  newestMs: number;
  /** Never rejects. */
  tidying: Promise<void>;
  /** The next file cannot be opened until that is over. */
  isHeldUp: boolean;
  /** Name of the file that is known to be larger than all may be. */
  oversized: string | null;
}

export class StoreSink implements FileSink {
  readonly #folder: StoreFolder;
  readonly #settings: StoreSettings;
  readonly #mode: number | null;
  readonly #clock: AlarmClock;
  readonly #hosts = new Map<string, HostFiles>();
  readonly #turns = new Turns();
  readonly #giveUp = new AbortController();
  #around: LogSurroundings | null = null;
  /** The host of the sample that is being written. */
  #current: HostFiles | null = null;
  /** When there was space. */
  #hadSpaceNs = -Infinity;

  constructor(
    folder: StoreFolder,
    settings: StoreSettings,
    mode: number | null,
    clock: AlarmClock = systemClock,
  ) {
    this.#folder = folder;
    this.#settings = settings;
    this.#mode = mode;
    this.#clock = clock;
  }

  async open(around: LogSurroundings): Promise<void> {
    this.#around = around;
    await this.#explained(() => this.#folder.claim());
  }

  async begin(sample: Sample): Promise<void> {
    await this.#explained(() => this.#begin(sample));
  }

  async #begin({ origin, timeMs }: Sample): Promise<void> {
    await this.#checkSpace();
    const { period } = this.#settings;
    const host = storeHost(origin.hostname);
    const startMs = storePeriodStart(timeMs, period);
    const file = { host, startMs, period, form: "plain" } as const;
    const files = this.#hosts.get(host) ?? (await this.#addHost(host));
    files.newestMs = Math.max(files.newestMs, timeMs);
    this.#current = files;
    // What was printed before belongs to the file before.
    await this.#turns.take(async () => {
      const isSame = files.open?.name === storeFileName(file);
      if (!isSame || files.open!.roomBytes < 0) await this.#goOn(files, file);
    });
  }

  write(text: string, heading?: string): Promise<void> {
    const files = this.#current;
    return this.#turns.take(async () => {
      if (text === "") return;
      if (!files?.open)
        throw this.#failed(new Error("no file is open between two samples"));
      await files.open.sink.write(text, heading);
      files.open.roomBytes -= Buffer.byteLength(text);
    });
  }

  reopen(): void {
    void this.#turns.take(async () => {
      for (const { open } of this.#hosts.values()) await open?.log.follow();
    });
  }

  /** Compresses the files whose time is over, the last ones too. */
  finish(): void {
    void this.#turns.take(async () => {
      for (const files of this.#hosts.values()) {
        await this.#closeFile(files);
        this.#tidy(files);
        await files.tidying;
      }
    });
  }

  /** What is being compressed stays plain. */
  async close(): Promise<void> {
    this.#giveUp.abort();
    await this.#turns.idle();
    for (const files of this.#hosts.values()) {
      await this.#closeFile(files);
      await files.tidying;
    }
    await this.#folder.close();
  }

  /** @throws Retry while there is too little space */
  async #checkSpace(): Promise<void> {
    const { bytes, ratio, text } = this.#settings.minFree;
    const nowNs = this.#clock.monotonicNs();
    if (bytes === 0 && ratio === 0) return;
    if (nowNs - this.#hadSpaceNs < SPACE_LOOK_NS) return;
    const { freeBytes, sizeBytes } = await this.#folder.space();
    const hasSpace = freeBytes >= Math.max(bytes, ratio * sizeBytes);
    this.#hadSpaceNs = hasSpace ? nowNs : -Infinity;
    if (hasSpace) return;
    throw this.#retry(`less than ${text} of the disk is free`);
  }

  #retry(reason: string): Retry {
    return new Retry(`${this.#folder.path}: ${reason}`, {
      retryAfterMs: SPACE_RETRY_MS,
    });
  }

  #failed(cause: unknown): SinkError {
    return new SinkError(this.#folder.path, cause, []);
  }

  /** Errors name the folder. */
  async #explained(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof Retry || error instanceof SinkError) throw error;
      throw this.#failed(error);
    }
  }

  /** What a crash has left is seen to before anything is written. */
  async #addHost(host: string): Promise<HostFiles> {
    await finishCompressing(this.#folder, await this.#folder.list(host));
    const tidying = Promise.resolve();
    const files: HostFiles = {
      ...{ host, open: null, newestMs: -Infinity },
      ...{ tidying, isHeldUp: false, oversized: null },
    };
    this.#hosts.set(host, files);
    return files;
  }

  /** @throws Retry where there is no space for a new file */
  async #goOn(files: HostFiles, file: StoreFile): Promise<void> {
    const name = storeFileName(file);
    const isCut = files.open?.name === name;
    files.isHeldUp = true;
    await this.#closeFile(files);
    if (isCut)
      await cutFile(this.#folder, file, this.#tidyOptions(files, name));
    files.isHeldUp = false;
    const place = {
      name: this.#folder.nameOf(name),
      path: this.#folder.pathOf(name),
      open: () => this.#folder.openFile(name, this.#mode),
    };
    try {
      const handle = await place.open();
      const { size } = await handle.stat();
      const log = await LogFile.of(handle, place, this.#around!, this.#clock);
      files.open = {
        ...{ name, log, sink: queueSink(log, place.name, PIPE_GONE) },
        roomBytes: this.#roomBytes(isCut ? 0 : size),
      };
      this.#noteSize(files, name, size);
    } catch (error) {
      if (isFull(error)) throw this.#retry(describeError(error));
      throw new SinkError(place.name, error, []);
    }
    this.#tidy(files);
  }

  /** What a run before has left in a file is to be compressed too, and what cannot be now is not tried at once again. */
  #roomBytes(leftBytes: number): number {
    const { mostBytes, isCompressed } = this.#settings;
    return openShareBytes(mostBytes) - (isCompressed ? leftBytes : 0);
  }

  /** Once for each file. */
  #noteSize(files: HostFiles, name: string, sizeBytes: number): void {
    if (sizeBytes <= this.#settings.mostBytes || files.oversized === name)
      return;
    files.oversized = name;
    this.#around!.warn(
      `${this.#folder.nameOf(name)} is larger than max, and stays while it is written: ${adviceForMax(this.#settings)}`,
    );
  }

  /** Also waits until none of the host's files is being compressed: the next one to open may be that. */
  async #closeFile(files: HostFiles): Promise<void> {
    const { open } = files;
    files.open = null;
    await open?.log.close();
    await files.tidying;
  }

  #tidy(files: HostFiles): void {
    const options = this.#tidyOptions(files);
    files.tidying = tidyStore(this.#folder, files.host, options);
  }

  /** @param cut name of a file that is about to go on */
  #tidyOptions(files: HostFiles, cut?: string): TidyOptions {
    return {
      settings: this.#settings,
      mode: this.#mode,
      newestMs: files.newestMs,
      overMs: Math.max(this.#clock.wallMs(), files.newestMs),
      isOpen: (name) => name === (cut ?? files.open?.name),
      isHurried: () => files.isHeldUp,
      warn: (text) => this.#around!.warn(text),
      signal: this.#giveUp.signal,
    };
  }
}
