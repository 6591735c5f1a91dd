/**
 * A regular file that is appended to, for months if need be: it may be cut off, renamed away, and its disk may be full.
 */
import { constants } from "node:fs";
import { open, stat, statfs, type FileHandle } from "node:fs/promises";
import type { AlarmClock } from "../../kernel/clock.ts";
import { describeError, errorCode } from "../../errors.ts";

/** Where the file is, and how it is opened. */
export interface LogPlace {
  /** What people call it. */
  readonly name: string;
  readonly path: string;
  /** Makes the file if there is none. Null: it is a FIFO. */
  open(): Promise<FileHandle | null>;
}

export interface LogSurroundings {
  warn(text: string): void;
  /** Aborted when the run is ending: then nothing waits for space any more. */
  readonly signal: AbortSignal;
  /** The disk is full: `write` waits. Called once before `onFreed`, which says that it has written. */
  onFull(reason: string): void;
  onFreed(): void;
}

/** Whether the disk is full, or the share of its user. */
export const isFull = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(errorCode(error) ?? "");

const RETRY_MS = 1000;
/** How often the path is looked up, ns. */
const LOOK_NS = 1e9;
const LINE_FEED = 0x0a;

export class LogFile {
  readonly #place: LogPlace;
  readonly #around: LogSurroundings;
  readonly #clock: AlarmClock;
  #handle: FileHandle;
  /** Device and inode. */
  #identity = "";
  #lookedNs: number;
  /** Its last line has no end, so that the next text begins with one. */
  #isTorn = false;
  #hasWarned = false;

  private constructor(
    handle: FileHandle,
    place: LogPlace,
    around: LogSurroundings,
    clock: AlarmClock,
  ) {
    this.#handle = handle;
    this.#place = place;
    this.#around = around;
    this.#clock = clock;
    this.#lookedNs = clock.monotonicNs();
  }

  /** @param handle of the place, opened to append; closed with the log */
  static async of(
    handle: FileHandle,
    place: LogPlace,
    around: LogSurroundings,
    clock: AlarmClock,
  ): Promise<LogFile> {
    const log = new LogFile(handle, place, around, clock);
    try {
      await log.#take(handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return log;
  }

  /**
   * Appends the text whole, or leaves nothing of it. On a full disk it waits for space until the run ends.
   *
   * @param heading goes before it if the file is empty
   * @throws what the system said
   */
  async write(text: string, heading = ""): Promise<void> {
    if (text === "" && heading === "") return;
    if (this.#clock.monotonicNs() - this.#lookedNs >= LOOK_NS)
      await this.follow();
    let isWaiting = false;
    for (;;) {
      const isLastTry = this.#around.signal.aborted;
      try {
        // Each try that writes a piece and takes it off shows that piece to readers of the file, and `tail -F` then
        // reads the whole file again.
        if (!isWaiting || isLastTry || (await hasRoom(this.#handle, text))) {
          await this.#append(text, heading);
          break;
        }
      } catch (error) {
        if (isLastTry || !isFull(error)) throw error;
        if (!isWaiting) this.#around.onFull(describeError(error));
        isWaiting = true;
      }
      await this.#clock.sleep(RETRY_MS, this.#around.signal);
      await this.follow();
    }
    if (isWaiting) this.#around.onFreed();
  }

  /**
   * Goes on with the file that the path leads to now, which is made if there is none. If that cannot be, the file stays
   * the one that it was, and the user is told once.
   */
  async follow(): Promise<void> {
    this.#lookedNs = this.#clock.monotonicNs();
    const { name, path } = this.#place;
    const found = await stat(path, { bigint: true }).catch(() => null);
    if (found !== null && `${found.dev}:${found.ino}` === this.#identity)
      return;
    let handle: FileHandle | null = null;
    try {
      handle = await this.#place.open();
      if (!(await handle?.stat())?.isFile())
        throw new Error("it is not a regular file any more");
      await this.#take(handle!);
      this.#hasWarned = false;
    } catch (error) {
      if (handle !== this.#handle) await handle?.close();
      if (!this.#hasWarned)
        this.#around.warn(
          `${name} was renamed or removed, and cannot be created again: ${describeError(error)}; iotop continues in the old file`,
        );
      this.#hasWarned = true;
    }
  }

  async #take(handle: FileHandle): Promise<void> {
    const { dev, ino, size } = await handle.stat({ bigint: true });
    const isTorn = size > 0n && !(await endsInLineFeed(handle, Number(size)));
    const before = this.#handle;
    this.#handle = handle;
    this.#identity = `${dev}:${ino}`;
    this.#isTorn = isTorn;
    if (before !== handle) await before.close().catch(() => {});
  }

  async #append(text: string, heading: string): Promise<void> {
    const { size } = await this.#handle.stat();
    const before = size === 0 ? heading : this.#isTorn ? "\n" : "";
    const bytes = Buffer.from(before + text);
    let rest = bytes;
    try {
      while (rest.length > 0) {
        const { bytesWritten } = await this.#handle.write(rest);
        rest = rest.subarray(bytesWritten);
      }
    } catch (error) {
      const written = bytes.length - rest.length;
      if (written > 0) await this.#cutBack(size, written);
      throw error;
    }
    this.#isTorn = false;
  }

  /** Takes the piece of a text off again. If somebody else has appended meanwhile, it must stay. */
  async #cutBack(size: number, written: number): Promise<void> {
    const wasTorn = this.#isTorn;
    this.#isTorn = true;
    try {
      const now = await this.#handle.stat();
      if (now.size !== size + written) return;
      await this.#handle.truncate(size);
      this.#isTorn = wasTorn;
    } catch {}
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/**
 * False if the text certainly does not fit after the end of the file. What cannot be known, such as the share of a
 * user, counts as room.
 */
async function hasRoom(handle: FileHandle, text: string): Promise<boolean> {
  const disk = await statfs(`/proc/self/fd/${handle.fd}`).catch(() => null);
  if (disk === null || disk.blocks === 0) return true;
  const { size } = await handle.stat();
  const { bsize } = disk;
  // Some blocks may be kept for root.
  const freeBlocks = process.geteuid!() === 0 ? disk.bfree : disk.bavail;
  const inLastBlockBytes = (bsize - (size % bsize)) % bsize;
  return freeBlocks * bsize + inLastBlockBytes >= Buffer.byteLength(text);
}

/** The handle can only write, and the file may be unreadable: then its end is taken to be whole. */
async function endsInLineFeed(
  { fd }: FileHandle,
  size: number,
): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const reader = await open(`/proc/self/fd/${fd}`, flags).catch(() => null);
  if (reader === null) return true;
  try {
    const { buffer, bytesRead } = await reader.read(
      Buffer.alloc(1),
      0,
      1,
      size - 1,
    );
    return bytesRead === 0 || buffer[0] === LINE_FEED;
  } catch {
    return true;
  } finally {
    await reader.close();
  }
}
