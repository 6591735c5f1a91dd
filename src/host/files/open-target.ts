/** Opens the file that an output writes to. */
import { constants, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { errorCode } from "../../errors.ts";
import { foreign, openAlongLinks } from "./open-along-links.ts";
import { mayWrite, type Owned } from "./target-trust.ts";

const {
  O_WRONLY,
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_NONBLOCK,
  O_NOCTTY,
  O_NOFOLLOW,
} = constants;
/** Appends, so that a log survives a restart and may be cut by logrotate's copytruncate. Does not wait for a reader. */
const FLAGS = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY;
/**
 * I/O activity is private to the owner of a process (CVE-2011-2494): a file that root has written is for root alone.
 */
export const NEW_FILE_MODE = 0o600;

export interface TargetOptions {
  /** Of a new file, whatever the umask is; null: 0600, less what the umask takes. */
  readonly mode: number | null;
}

/**
 * @returns null for a FIFO without a reader
 * @throws what the system said, or an error in words if another user may have put the file there
 */
export function openTarget(
  path: string,
  { mode }: TargetOptions,
): Promise<FileHandle | null> {
  return openAlongLinks<FileHandle | null>(path, {
    openHere: async (at, folder) => checked(await openFile(at, mode), folder),
    openThrough: (at) => open(at, FLAGS),
    explain,
  });
}

/**
 * Appends to a regular file, which is made if there is none. A link is not followed.
 *
 * @param folder that it is in
 * @throws as `openTarget`
 */
export async function openInFolder(
  path: string,
  folder: Owned,
  mode: number | null,
): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await openFile(path, mode);
  } catch (error) {
    const code = errorCode(error) ?? "";
    if (!["ELOOP", "ENXIO", "EISDIR"].includes(code)) throw error;
    throw new Error("there is something else under this name", {
      cause: error,
    });
  }
  if ((await handle.stat()).isFile()) return await checked(handle, folder);
  await handle.close();
  throw new Error("there is something else under this name");
}

async function openFile(
  path: string,
  mode: number | null,
): Promise<FileHandle> {
  const made = mode === null ? null : await makeFile(path, mode);
  return made ?? (await open(path, FLAGS | O_NOFOLLOW, NEW_FILE_MODE));
}

/** @returns null if there is something already @throws what the system said */
export async function makeFile(
  path: string,
  mode: number | null,
): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, FLAGS | O_EXCL | O_NOFOLLOW, NEW_FILE_MODE);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return null;
    throw error;
  }
  try {
    if (mode !== null) await handle.chmod(mode);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function checked(handle: FileHandle, folder: Owned): Promise<FileHandle> {
  const file = await handle.stat();
  if (!isKept(file) || mayWrite(file, folder, process.geteuid!()))
    return handle;
  await handle.close();
  throw foreign("file", file);
}

const isKept = (file: Stats): boolean => file.isFile() || file.isFIFO();

/** What a failure to open an existing file means. */
function explain(error: unknown, found: Stats, folder: Owned): null {
  if (isKept(found) && !mayWrite(found, folder, process.geteuid!()))
    throw foreign("file", found);
  if (found.isSocket())
    throw new Error("it is a socket; give a file or a FIFO", { cause: error });
  if (found.isFIFO() && errorCode(error) === "ENXIO") return null;
  throw error;
}
