/** What a terminal has taken and nobody has read yet. */
import { libc } from "./libc.ts";

/** TCOFLUSH of asm-generic/termbits.h. */
const TCOFLUSH = 1;

/** Throws it away: tcflush(3). False where that cannot be done. */
export function discardTerminalOutput(fd: number): boolean {
  try {
    return libc().call.tcflush(fd, TCOFLUSH) === 0;
  } catch {
    return false;
  }
}
