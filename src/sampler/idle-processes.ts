/**
 * Which processes have run since the scan before. One whose CPU time has not moved has not: none of its threads has done
 * I/O, and none was made, so neither its threads nor their list need to be read.
 *
 * Asking the CPU-time clock of a process takes 0.25 to 0.7 µs, and 0.16 µs for each thread, where taskstats takes 4 µs by
 * PID and 0.4 µs a thread by TGID (measured on Linux 6.18: 5,000 processes, 200 of 50 threads, one of 10,000).
 */
import { isFine, type CpuClock } from "../kernel/cpu-clock.ts";
import type { NumberList } from "../kernel/files.ts";
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
    const index = this.#lives.processes.find(pid);
    if (index >= 0) return this.#lookAt(index, pid, nowNs);
    const runNs = this.#cpuClock.processRunNs(pid);
    if (Number.isNaN(runNs)) return "gone";
    this.#newRunNs.set(pid, runNs);
    return "ran";
  }

  /**
   * The same for the known processes with these indices.
   *
   * @param to the index after the last one
   * @param ran those that have run are added to it
   */
  lookAtKnown(from: number, to: number, nowNs: number, ran: NumberList): void {
    const pids = this.#lives.processes.activity.pid;
    for (let index = from; index < to; index++) {
      const pid = pids[index]!;
      if (pid > 0 && this.#lookAt(index, pid, nowNs) === "ran") ran.push(pid);
    }
  }

  #lookAt(index: number, pid: number, nowNs: number): "ran" | "idle" | "gone" {
    const runNs = this.#cpuClock.processRunNs(pid);
    if (Number.isNaN(runNs)) return "gone";
    const { activity } = this.#lives.processes;
    // Two that never ran look the same.
    if (runNs === activity.runNs[index] && runNs > 0) {
      activity.unlistedScan[index] = this.#lives.scan;
      activity.idleNs[index] = nowNs;
      return "idle";
    }
    activity.runNs[index] = runNs;
    return "ran";
  }

  isProcess(id: number): boolean {
    return !Number.isNaN(this.#cpuClock.processRunNs(id));
  }

  /** Of a process that has run the main thread alone is asked, as it has no other. */
  skipList(pid: number): void {
    const { processes, scan } = this.#lives;
    const index = processes.find(pid);
    processes.activity.unlistedScan[index] = scan;
    processes.activity.skippedScan[index] = scan;
  }

  /**
   * A process that was skipped after that scan has run, whatever its clock says: it may have a thread that was not seen.
   */
  doubtSkipped(afterScan: number): void {
    const { activity, capacity } = this.#lives.processes;
    for (let index = 0; index < capacity; index++)
      if (activity.skippedScan[index]! > afterScan) activity.runNs[index] = NaN;
  }

  /** After the threads are read. */
  settle(): void {
    const { processes } = this.#lives;
    for (const [pid, runNs] of this.#newRunNs) {
      const index = processes.find(pid);
      if (index >= 0) processes.activity.runNs[index] = runNs;
    }
    this.#newRunNs.clear();
  }
}
