/**
 * Whether code on disk may run with our privileges.
 *
 * As root, a module runs only if no user except root and the one who called sudo can change it or what it imports. That
 * covers each file and the name by which it is found, so every directory up to / counts. A user who may write through a
 * group is reason enough to refuse.
 *
 * A sticky directory such as /tmp is refused too, although other users cannot replace our file in it. They can add
 * files beside it, and imports look for `node_modules` in every directory above the importing file: a planted
 * /tmp/node_modules/ms would run as root for any module below /tmp.
 */
import { lstatSync, readlinkSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { MOST_LINKS } from "../files/symbolic-links.ts";

export interface FileFacts {
  readonly uid: number;
  readonly mode: number;
}

const GROUP_OR_WORLD_WRITABLE = 0o022;

/** The file system calls that judging needs; tests have their own. */
export interface Paths {
  /** Describes the file itself, or the link. */
  lstat(path: string): FileFacts & { readonly isLink: boolean };
  readlink(path: string): string;
}

const FILE_SYSTEM: Paths = {
  lstat(path) {
    const facts = lstatSync(path);
    return { uid: facts.uid, mode: facts.mode, isLink: facts.isSymbolicLink() };
  },
  readlink: (path) => readlinkSync(path),
};

/**
 * Why other users could change a file or redirect its name; null if they could not. Symbolic links are followed, and
 * the folder of each link counts like those above the file.
 *
 * @throws Error as lstat(2) when the file does not exist
 */
export function findDistrust(
  path: string,
  trustedUids: ReadonlySet<number>,
  paths: Paths = FILE_SYSTEM,
): string | null {
  let links = 0;
  let folder: string = sep;
  let names = namesOf(path);
  let distrust = findFlaw(folder, paths.lstat(folder), trustedUids);
  while (distrust === null && names.length > 0) {
    const here = join(folder, names.shift()!);
    const facts = paths.lstat(here);
    if (!facts.isLink) {
      distrust = findFlaw(here, facts, trustedUids);
      folder = here;
      continue;
    }
    // A link's target cannot be changed without write access to its folder, which was judged.
    if (++links > MOST_LINKS) return `${here} is in a loop of symbolic links`;
    names = [...namesOf(resolve(folder, paths.readlink(here))), ...names];
    folder = sep;
  }
  return distrust;
}

const namesOf = (path: string): string[] =>
  path.split(sep).filter((name) => name !== "");

function findFlaw(
  path: string,
  { uid, mode }: FileFacts,
  trustedUids: ReadonlySet<number>,
): string | null {
  if (!trustedUids.has(uid))
    return `${path} belongs to user ${uid}, who could change it`;
  if ((mode & GROUP_OR_WORLD_WRITABLE) !== 0)
    return `${path} can be written by others (mode ${(mode & 0o7777).toString(8)})`;
  return null;
}

/**
 * Root, and the user who became root through sudo, so that users can run their own modules from their home directories.
 * A sudoers rule that does not restrict the arguments gives away a root shell by `--output` alone, as the README says.
 */
export function trustedUids(sudoUid: string | undefined): ReadonlySet<number> {
  const uids = new Set([0]);
  if (sudoUid !== undefined && /^\d{1,10}$/.test(sudoUid))
    uids.add(Number(sudoUid));
  return uids;
}
