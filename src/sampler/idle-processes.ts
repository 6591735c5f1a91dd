/**
 * Which processes have run since the scan before. One whose CPU time has not moved has not: none of its threads has done
 * I/O, and none was made, so neither its threads nor their list need to be read.
 *
 * Asking the CPU-time clock of a process takes 0.25 to 0.7 µs, and 0.16 µs for each thread, where taskstats takes 4 µs by
 * PID and 0.4 µs a thread by TGID (measured on Linux 6.18: 5,000 processes, 200 of 50 threads, one of 10,000).
 */
import { isFine, type CpuClock } from "../kernel/cpu-clock.ts";
import type { Lives } from "./lives.ts";

export class IdleProcesses {
  /** False: everybody may have run. */
  readonly isDetected: boolean;
  readonly #cpuClock: CpuClock;
  readonly #lives: Lives;
  /** CPU time of processes that the table will know once their threads are read. */
  readonly #newRunNs = new Map<number, number>();

  /** @param isWanted false: read everything, for comparison */
  constructor(
    cpuClock: CpuClock,
    lives: Lives,
    ownPid: number,
    isWanted: boolean,
  ) {
    this.#cpuClock = cpuClock;
    this.#lives = lives;
    this.isDetected = isWanted && isFine(cpuClock, ownPid);
  }

  /**
   * To be asked once in each scan, before the threads are read: what happens in between shows in the next scan.
   *
   * @param nowNs just before, monotonic
   * @returns "gone" where the id is no process's: nobody's, or a thread's. A process whose main thread is a zombie is there
   */
  look(pid: number, nowNs: number): "ran" | "idle" | "gone" {
    if (!this.isDetected) return "ran";
    const runNs = this.#cpuClock.processRunNs(pid);
    if (Number.isNaN(runNs)) return "gone";
    const process = this.#lives.processes.of(pid);
    if (process === undefined) {
      this.#newRunNs.set(pid, runNs);
      return "ran";
    }
    // Two that never ran look the same.
    if (runNs === process.runNs && runNs > 0) {
      process.unlistedScan = this.#lives.scan;
      process.idleNs = nowNs;
      return "idle";
    }
    process.runNs = runNs;
    return "ran";
  }

  /** Of a process that has run the main thread alone is asked, as it has no other. */
  skipList(pid: number): void {
    this.#lives.processes.of(pid)!.unlistedScan = this.#lives.scan;
  }

  /** After the threads are read. */
  settle(): void {
    for (const [pid, runNs] of this.#newRunNs) {
      const process = this.#lives.processes.of(pid);
      if (process !== undefined) process.runNs = runNs;
    }
    this.#newRunNs.clear();
  }
}
