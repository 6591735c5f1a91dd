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
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

export interface FileFacts {
  readonly uid: number;
  readonly mode: number;
}

const GROUP_OR_WORLD_WRITABLE = 0o022;

/** Why a file with this real path (no symbolic links) could be changed by others; null if it could not. */
export function findDistrust(
  realPath: string,
  trustedUids: ReadonlySet<number>,
  stat: (path: string) => FileFacts = statSync,
): string | null {
  for (let path = realPath; ; path = dirname(path)) {
    const { uid, mode } = stat(path);
    if (!trustedUids.has(uid))
      return `${path} belongs to user ${uid}, who could change it`;
    if ((mode & GROUP_OR_WORLD_WRITABLE) !== 0)
      return `${path} can be written by others (mode ${(mode & 0o7777).toString(8)})`;
    if (path === dirname(path)) return null;
  }
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
