/**
 * Whether code on disk may run with our privileges.
 *
 * As root, a module runs only if nobody but root and the user who called sudo can change it or what it imports: neither
 * a file nor the name by which it is found, so every directory up to / counts. Being in a group that may write is enough
 * to be refused.
 *
 * A sticky directory such as /tmp is refused too, although others cannot replace a file of ours in it. They can add
 * files beside it, and imports look for `node_modules` in every directory above the importing file: a planted
 * /tmp/node_modules/ms would run as root for any module below /tmp.
 */
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join, resolve, sep } from "node:path";

export interface FileFacts {
  readonly uid: number;
  readonly mode: number;
}

const GROUP_OR_WORLD_WRITABLE = 0o022;

/** What judging needs of a file system; tests have their own. */
export interface Paths {
  /** Of the file itself, or of the link. */
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

/** The kernel follows as many (MAXSYMLINKS). */
const MOST_LINKS = 40;

/**
 * Why a file could be changed by others, or its name be made to mean another one; null if it could not. Symbolic links
 * are followed, and the folder of each counts as much as those above the file.
 *
 * @throws Error as lstat(2) when it is not there
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
    // What a link says cannot be changed without its folder, which was judged.
    if (++links > MOST_LINKS) return `${here} is a link in a circle`;
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
 * Root, and whoever became root through sudo, so that one's own module in one's own home can be used. A sudoers rule
 * that leaves the arguments free gives away a root shell by `--output` alone, as the README says.
 */
export function trustedUids(sudoUid: string | undefined): ReadonlySet<number> {
  const uids = new Set([0]);
  if (sudoUid !== undefined && /^\d{1,10}$/.test(sudoUid))
    uids.add(Number(sudoUid));
  return uids;
}

const AT_NULL = 0n;
const AT_SECURE = 23n;

/**
 * Whether the kernel says that this process has more privileges than its caller (set-user-ID, file capabilities):
 * the entry AT_SECURE of the auxiliary vector, pairs of 64-bit little-endian words.
 */
export function parseAtSecure(auxv: Uint8Array): boolean {
  const words = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  for (let at = 0; at + 16 <= auxv.byteLength; at += 16) {
    const key = words.getBigUint64(at, true);
    if (key === AT_NULL) break;
    if (key === AT_SECURE) return words.getBigUint64(at + 8, true) !== 0n;
  }
  return true;
}

/** An unreadable vector means yes: the kernel hides it from exactly the processes that gained privileges. */
export function readAtSecure(): boolean {
  try {
    return parseAtSecure(readFileSync("/proc/self/auxv"));
  } catch {
    return true;
  }
}
