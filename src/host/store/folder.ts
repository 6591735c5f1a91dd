/** The folder of a store: made if it is missing, judged like other targets, and locked against a second writer. */
import { constants, type Stats } from "node:fs";
import {
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  statfs,
  unlink,
  type FileHandle,
} from "node:fs/promises";
import { UsageError, errorCode } from "../../errors.ts";
import { settlesWithin, systemClock } from "../../kernel/clock.ts";
import { parseLockHolder, tryLock } from "../../kernel/folder-lock.ts";
import {
  parseStoreFileName,
  type StoreFile,
} from "../../model/store/store-files.ts";
import { foreign, openAlongLinks } from "../files/open-along-links.ts";
import { makeFile, openInFolder } from "../files/open-target.ts";
import { mayWrite } from "../files/target-trust.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const FOLDER_FLAGS = O_RDONLY | O_DIRECTORY;
/** A disk that does not answer must not keep other outputs waiting. */
const PATIENCE_MS = 2000;
/** What is in it is private, as a recording is. */
const NEW_FOLDER_MODE = 0o700;

/** A file of the store that we may touch. */
export interface StoredFile extends StoreFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Everything in the folder is reached through its descriptor, so that nothing can be put in the folder's place later.
 */
export class StoreFolder {
  /** As the user wrote it; it ends in a slash. */
  readonly path: string;
  #claimed: Promise<void> | null = null;
  #handle: FileHandle | null = null;
  #stats: Stats | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens and locks the folder, once: a second call waits for the first.
   *
   * @throws UsageError if another program writes into it, or an error in words
   */
  claim(): Promise<void> {
    return (this.#claimed ??= this.#claim());
  }

  async #claim(): Promise<void> {
    const handle = await openFolder(this.path.replace(/(?<=.)\/+$/, ""));
    try {
      if (!tryLock(handle.fd))
        throw new UsageError(
          `${this.path} is written by another program${await holderOf(handle)}: give each a folder of its own`,
        );
      this.#stats = await handle.stat();
      this.#handle = handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** What people call a file of it. */
  nameOf(name: string): string {
    return this.path + name;
  }

  /** Where the file is. Valid until the folder is closed. */
  pathOf(name: string): string {
    return `/proc/self/fd/${this.#handle!.fd}/${name}`;
  }

  /** A file to append to. @throws what the system said, or an error in words */
  openFile(name: string, mode: number | null): Promise<FileHandle> {
    return openInFolder(this.pathOf(name), this.#stats!, mode);
  }

  /** A new file. @throws if there is one */
  async makeFile(name: string, mode: number | null): Promise<FileHandle> {
    const handle = await makeFile(this.pathOf(name), mode);
    if (handle === null) throw new Error(`${this.nameOf(name)} exists`);
    return handle;
  }

  /** @returns null if there is none */
  async readFile(name: string): Promise<FileHandle | null> {
    try {
      const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      return await open(this.pathOf(name), flags);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    }
  }

  /** The store's files of one host, in no order. */
  async list(host: string): Promise<readonly StoredFile[]> {
    const found: StoredFile[] = [];
    for (const name of await readdir(this.pathOf(""))) {
      const file = parseStoreFileName(name);
      if (file?.host !== host) continue;
      const stats = await lstat(this.pathOf(name)).catch(() => null);
      if (!stats?.isFile()) continue;
      if (!mayWrite(stats, this.#stats!, process.geteuid!())) continue;
      found.push({ ...file, name, sizeBytes: stats.size });
    }
    return found;
  }

  async remove(name: string): Promise<void> {
    await unlink(this.pathOf(name));
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.pathOf(from), this.pathOf(to));
  }

  /** Resolves when the disk has all names as they are now. */
  async sync(): Promise<void> {
    await this.#handle!.sync();
  }

  /** Bytes that are left to users without privileges, and the size of the disk. */
  async space(): Promise<{
    readonly freeBytes: number;
    readonly sizeBytes: number;
  }> {
    const { bavail, blocks, bsize } = await statfs(this.pathOf(""));
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  }

  /** Also gives the lock back. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}

function openFolder(path: string): Promise<FileHandle> {
  const explain = (error: unknown): never => {
    throw error;
  };
  return openAlongLinks(path, {
    async openHere(at, parent) {
      const handle = await openOrMakeFolder(at);
      const stats = await handle.stat();
      if (mayWrite(stats, parent, process.geteuid!())) return handle;
      await handle.close();
      throw foreign("folder", stats);
    },
    openThrough: (at) => open(at, FOLDER_FLAGS),
    explain,
  });
}

async function openOrMakeFolder(path: string): Promise<FileHandle> {
  const flags = FOLDER_FLAGS | O_NOFOLLOW;
  try {
    return await open(path, flags);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  try {
    await mkdir(path, NEW_FOLDER_MODE);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  return open(path, flags);
}

/** " (process 812)", or nothing. */
async function holderOf(handle: FileHandle): Promise<string> {
  try {
    const { ino } = await handle.stat({ bigint: true });
    const holder = parseLockHolder(await readFile("/proc/locks", "utf8"), ino);
    return holder === null ? "" : ` (process ${holder})`;
  } catch {
    return "";
  }
}

/**
 * Claims folders before a run begins, so that a second writer is refused like any other wrong command line. Other
 * failures are those of the outputs, which meet them when they open.
 *
 * @throws UsageError
 */
export async function claimFolders(
  outputs: readonly {
    readonly name: string;
    readonly folder: StoreFolder | null;
  }[],
): Promise<void> {
  for (const { name, folder } of outputs) {
    if (folder === null) continue;
    try {
      await settlesWithin(folder.claim(), PATIENCE_MS, systemClock);
    } catch (error) {
      if (error instanceof UsageError)
        throw new UsageError(`${name}: ${error.message}`);
    }
  }
}
