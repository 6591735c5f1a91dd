/**
 * Follows symbolic links itself, one by one, so that none can be swapped between the check and the open: another user
 * may have put it there, to have a file written with our rights.
 */
import type { Stats } from "node:fs";
import { lstat, readlink, stat, statfs } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { MOST_LINKS } from "./symbolic-links.ts";
import { mayFollow, type Owned } from "./target-trust.ts";

/** statfs(2), linux/magic.h. Links in /proc lead to open files, and their text is not always a path. */
const PROC_SUPER_MAGIC = 0x9fa0;

export interface Opener<T> {
  /** Opens with O_NOFOLLOW. @param folder that the path is in */
  openHere(at: string, folder: Stats): Promise<T>;
  /** Opens a link in /proc. */
  openThrough(at: string): Promise<T>;
  /** What a failure to open something that is there, and is no link, means. @throws if it is one */
  explain(error: unknown, found: Stats, folder: Stats): T;
}

/** @throws what the system said, or an error in words if another user may have put a link there */
export async function openAlongLinks<T>(
  path: string,
  opener: Opener<T>,
): Promise<T> {
  const uid = process.geteuid!();
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const folder = await stat(dirname(at));
    try {
      return await opener.openHere(at, folder);
    } catch (error) {
      const found = await lstat(at).catch(() => null);
      if (found === null) throw error;
      if (!found.isSymbolicLink()) return opener.explain(error, found, folder);
      if (!mayFollow(found, folder, uid)) throw foreign("link", found);
    }
    const { type } = await statfs(dirname(at));
    if (type === PROC_SUPER_MAGIC) return await opener.openThrough(at);
    const target = await readlink(at);
    at = isAbsolute(target) ? target : `${dirname(at)}/${target}`;
  }
  throw new Error("too many symbolic links");
}

export const foreign = (what: string, { uid }: Owned): Error =>
  new Error(
    `this ${what} belongs to another user (uid ${uid}), in a folder where anybody can create one: use a folder of your own`,
  );
