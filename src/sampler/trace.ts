/** Why records were given to lives, one line each: for whoever looks for a byte that was counted wrongly. */
import type { Event } from "./event.ts";
import type { Rule } from "./reconcile.ts";

/** Where the lines go. */
export interface Trace {
  write(line: string): void;
}

/**
 * @param slot of the life that holds the tid; -1 if none does
 */
export function describeDecision(
  { tid, pid, kind, record, window }: Event,
  slot: number,
  [holder, , because, verdict]: Rule,
): string {
  const timeS = (window.afterNs / 1e9).toFixed(6);
  const ageS = (record.elapsedUs / 1e6).toFixed(6);
  const life = slot < 0 ? holder : `${holder}#${slot}`;
  return `${timeS} tid=${tid} pid=${pid} event=${kind} age=${ageS} holder=${life} because=${because} verdict=${verdict}`;
}

/** A life is over, and no message said so. */
export const describeVanished = (tid: number, slot: number): string =>
  `vanished tid=${tid} holder=${slot < 0 ? "none" : `live#${slot}`}`;
