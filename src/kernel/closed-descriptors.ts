/** Which of stdin, stdout and stderr were closed when the program began. */
import { readFileSync } from "node:fs";

/** open(2)'s O_CLOEXEC, as /proc/PID/fdinfo shows it: the same on x86-64 and arm64. */
const O_CLOEXEC = 0o2000000;

/**
 * Whether the descriptor was closed when the program began. The runtime opens /dev/null in its place, with the
 * close-on-exec flag. No inherited descriptor has that flag, because exec would have closed it.
 */
export function wasClosed(fd: 0 | 1 | 2): boolean {
  try {
    return parseClosesOnExec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"));
  } catch {
    return false;
  }
}

/** From /proc/PID/fdinfo/FD, where flags are octal. */
export function parseClosesOnExec(fdinfo: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(fdinfo)?.[1];
  return flags !== undefined && (parseInt(flags, 8) & O_CLOEXEC) !== 0;
}
