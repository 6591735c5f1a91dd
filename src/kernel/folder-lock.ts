/** Locks of folders, flock(2): the kernel gives one back when its process is gone, however that ended. */
import { SysError, EAGAIN } from "./errors.ts";
import { libc } from "./libc.ts";

/** linux/fcntl.h */
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Locks what a descriptor has open, until all copies of the descriptor are closed.
 *
 * @returns false if it is locked already, also by this process
 * @throws SysError where the file system has no locks
 */
export function tryLock(fd: number): boolean {
  const { call, errno } = libc();
  if (call.flock(fd, LOCK_EX | LOCK_NB) === 0) return true;
  const code = errno();
  if (code === EAGAIN) return false;
  throw new SysError("flock", code);
}

/**
 * The process that has locked a file, from the text of /proc/locks; null if it cannot be told. A line is "1: FLOCK
 * ADVISORY WRITE 812 fd:01:1048 0 EOF", with the process and the file's device and inode.
 */
export function parseLockHolder(text: string, inode: bigint): number | null {
  const lock = /^\d+: FLOCK +ADVISORY +WRITE (\d+) \w+:\w+:(\d+) /;
  for (const line of text.split("\n")) {
    const match = lock.exec(line);
    if (match !== null && BigInt(match[2]!) === inode) return Number(match[1]);
  }
  return null;
}
