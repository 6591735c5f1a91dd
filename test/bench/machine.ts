/** The machine that figures were taken on, and what else it did: they say little about anything that had to share it. */
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg, release } from "node:os";

/** USER_HZ, the unit of /proc/stat, is 100 on every architecture that we build for. */
const TICK_MS = 10;
/** CPUs' worth of other work that no figure shows. */
const QUIET_CPUS = 0.1;
const PAUSE_MS = 1000;

/** Time that all CPUs together have worked since the machine started, ms; what a host took from us is work too. */
export function readBusyMs(): number {
  const [total = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [user, nice, system, , , irq, softirq, steal] = total
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + irq! + softirq! + steal!) * TICK_MS;
}

/**
 * Waits until the machine has next to nothing else to do, or until patience is at an end.
 *
 * @returns how many CPUs other work kept busy in the last second
 */
export async function awaitQuiet(
  patienceMs: number,
  signal: AbortSignal,
): Promise<number> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const beganMs = performance.now();
    const busyMs = readBusyMs();
    await Bun.sleep(PAUSE_MS);
    const busyCpus = (readBusyMs() - busyMs) / (performance.now() - beganMs);
    if (isQuiet(busyCpus) || performance.now() >= deadlineMs) return busyCpus;
  }
}

export const isQuiet = (busyCpus: number): boolean => busyCpus < QUIET_CPUS;

/** One line for the head of a table. */
export function describeMachine(busyCpus: number): string {
  const [load = NaN] = loadavg();
  return [
    `${availableParallelism()} CPUs, Linux ${release()}`,
    `before: other work on ${busyCpus.toFixed(2)} CPUs, load average ${load.toFixed(2)}`,
    ...(isQuiet(busyCpus) ? [] : ["NOT QUIET: compare nothing with these"]),
  ].join("; ");
}
