/** What a process does with signals, seen from outside: tells a test when a signal would be taken in order. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";

/** Whether a process has a handler for a signal: SigCgt of /proc/PID/status, a mask with signal 1 in its lowest bit. */
export function catches(pid: number, signal: NodeJS.Signals): boolean {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const mask = /^SigCgt:\t([0-9a-f]+)$/m.exec(status)![1]!;
  return (
    ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n
  );
}
