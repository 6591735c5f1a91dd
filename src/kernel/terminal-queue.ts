/** Text that a terminal has taken and that has not been read yet. */
import { libc } from "./libc.ts";

/** TCOFLUSH of asm-generic/termbits.h. */
const TCOFLUSH = 1;

/** Discards it: tcflush(3). False if that is impossible. */
export function discardTerminalOutput(fd: number): boolean {
  try {
    return libc().call.tcflush(fd, TCOFLUSH) === 0;
  } catch {
    return false;
  }
}
