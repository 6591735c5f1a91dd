/** Whose rights this process has, and whether its caller has them too. */
import { readFileSync } from "node:fs";

/** Whose rights the process has. */
export interface Privileges {
  readonly uid: number;
  readonly sudoUid: string | undefined;
  /** The process has more privileges than its caller: no code of the caller's choice may run. */
  readonly atSecure: boolean;
}

export function readPrivileges(): Privileges {
  return {
    uid: process.geteuid!(),
    sudoUid: process.env["SUDO_UID"],
    atSecure: readAtSecure(),
  };
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
