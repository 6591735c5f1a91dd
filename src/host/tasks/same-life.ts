/** Whether the task that has an id now is the one that a sample showed. Pure. */
import type { SeenTask } from "../../model/controls.ts";

/** Start times in /proc/PID/stat are cut to it. */
const TICKS_PER_S = 100;
/** How far the start that a sample tells may be from that of /proc, if the clock was not set meanwhile. */
const LABEL_MS = 100;

export type Sameness = "same" | "other" | "too new to tell";

/**
 * Whoever was given the id later began after the sample began, as the task lived then. No wall clock decides: it may
 * have been set, and the machine may have been suspended.
 *
 * @param startTicks of who has the id now, as /proc/PID/stat tells it
 * @param nowMs Unix time at `uptimeS`, seconds after the boot
 */
export function compareLives(
  seen: SeenTask,
  startTicks: number,
  nowMs: number,
  uptimeS: number,
): Sameness {
  const startS = startTicks / TICKS_PER_S;
  if ((startTicks + 1) / TICKS_PER_S < seen.uptimeS) return "same";
  const startMs = nowMs - (uptimeS - startS) * 1000;
  // Began while the sample was taken, or just before.
  const isAlike = Math.abs(startMs - seen.task.startMs) < LABEL_MS;
  return isAlike ? "too new to tell" : "other";
}
