/** Opens the file that an output writes to. */
import { constants, type Stats } from "node:fs";
import {
  lstat,
  open,
  readlink,
  stat,
  statfs,
  type FileHandle,
} from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { errorCode } from "./describe-error.ts";
import { MOST_LINKS } from "./symbolic-links.ts";
import { mayFollow, mayWrite, type Owned } from "./target-trust.ts";

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } =
  constants;
/** Appends, so that a log survives a restart and may be cut by logrotate's copytruncate. Does not wait for a reader. */
const FLAGS = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY;
/**
 * I/O activity is private to the owner of a process (CVE-2011-2494): a file that root has written is for root alone.
 */
const NEW_FILE_MODE = 0o600;
/** statfs(2), linux/magic.h. Links in /proc lead to open files, and their text is not always a path. */
const PROC_SUPER_MAGIC = 0x9fa0;

/**
 * Follows symbolic links itself, one by one, so that none can be swapped between the check and the open.
 *
 * @returns null for a FIFO without a reader
 * @throws what the system said, or an error in words if another user may have put the file there
 */
export async function openTarget(path: string): Promise<FileHandle | null> {
  const uid = process.geteuid!();
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const folder = await stat(dirname(at));
    try {
      const handle = await open(at, FLAGS | O_NOFOLLOW, NEW_FILE_MODE);
      return await checked(handle, folder, uid);
    } catch (error) {
      const found = await lstat(at).catch(() => null);
      if (found === null) throw error;
      if (!found.isSymbolicLink()) return explain(error, found, folder, uid);
      if (!mayFollow(found, folder, uid)) throw foreign("link", found);
    }
    const { type } = await statfs(dirname(at));
    if (type === PROC_SUPER_MAGIC) return await open(at, FLAGS);
    const target = await readlink(at);
    at = isAbsolute(target) ? target : `${dirname(at)}/${target}`;
  }
  throw new Error("too many symbolic links");
}

async function checked(
  handle: FileHandle,
  folder: Owned,
  uid: number,
): Promise<FileHandle> {
  const file = await handle.stat();
  if (!isKept(file) || mayWrite(file, folder, uid)) return handle;
  await handle.close();
  throw foreign("file", file);
}

const isKept = (file: Stats): boolean => file.isFile() || file.isFIFO();

/** What a failure to open an existing file means. */
function explain(
  error: unknown,
  found: Stats,
  folder: Owned,
  uid: number,
): null {
  if (isKept(found) && !mayWrite(found, folder, uid))
    throw foreign("file", found);
  if (found.isSocket())
    throw new Error("it is a socket; give a file or a FIFO", { cause: error });
  if (found.isFIFO() && errorCode(error) === "ENXIO") return null;
  throw error;
}

const foreign = (what: string, { uid }: Owned): Error =>
  new Error(
    `this ${what} belongs to another user (uid ${uid}), in a folder where anybody can create one: use a folder of your own`,
  );
