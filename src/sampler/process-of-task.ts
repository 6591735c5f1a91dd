/** Which process a task belongs to that nobody has heard of before: the living one of its pid, a dead one, or a new one. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import type { Process } from "./process.ts";

/**
 * Of two threads that end at the same time one may have to wait for a CPU before it fills its message in. With more than
 * this between them they are of two processes that had the pid in turn.
 */
const MOST_LATE_US = 100_000;

/** The processes of the life table, by pid. */
interface Processes {
  /** The index of the latest process of a pid; -1 if there is none. */
  find(pid: number): number;
  of(pid: number): Process | undefined;
}

/**
 * The process that a new life would belong to now; -1 if it would be a new one, as for a second main thread. A first one
 * is of a process that is dead too: the pid is not free before the main thread's message is sent.
 */
export function processFor(
  processes: Processes,
  pid: number,
  isMain: boolean,
): number {
  const process = processes.of(pid);
  if (process === undefined) return -1;
  const { isDead, isReserved } = process;
  const hasMain = process.hasMain || (isDead && isReserved);
  return (isMain ? hasMain : isDead) ? -1 : processes.find(pid);
}

/**
 * The process, dead already, of a thread that had ended before the last one, on another CPU, though its message comes
 * after that one's; -1 if there is none.
 *
 * @param message of a life that is new
 */
export function processOfLateExit(
  processes: Processes,
  tid: number,
  pid: number,
  message: TaskstatsRecord,
): number {
  const process = processes.of(pid);
  if (message.isLast !== 0 || tid === pid || process === undefined) return -1;
  const apartUs = message.processElapsedUs - process.endAgeUs;
  return Math.abs(apartUs) <= MOST_LATE_US ? processes.find(pid) : -1;
}
