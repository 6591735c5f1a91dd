/**
 * How long the threads of a process have run: the CPU-time clock that clock_gettime(2) has for every process, without
 * privileges or files. It counts all threads, ended ones included (thread_group_cputime in kernel/sched/cputime.c). Of
 * a thread that is running at the moment, it shows the latest run a tick later.
 */
import { libc } from "./libc.ts";

/**
 * The lowest three bits of a process's clock id: CPU time in ns, as the scheduler counts it
 * (kernel/time/posix-cpu-timers.c).
 */
const CPUCLOCK_SCHED = 2;

export interface CpuClock {
  /** CPU time of a process since it began, ns; NaN if there is no process with that pid. */
  processRunNs(pid: number): number;
}

class SystemCpuClock implements CpuClock {
  readonly #libc = libc();
  /** struct timespec: two s64. */
  readonly #time = new Uint32Array(new ArrayBuffer(16));

  processRunNs(pid: number): number {
    const id = (~pid << 3) | CPUCLOCK_SCHED;
    if (this.#libc.call.clock_gettime(id, this.#time) !== 0) return NaN;
    const time = this.#time;
    return (time[1]! * 2 ** 32 + time[0]!) * 1e9 + time[2]!;
  }
}

export const openCpuClock = (): CpuClock => new SystemCpuClock();

/** More than enough for a clock that counts ns; the step of a clock that counts ticks is a thousand times longer. */
const READINGS = 50;

/**
 * Whether the clock has sub-tick resolution. On machines without a usable cycle counter, the scheduler's clock moves in
 * ticks only, so brief runs of a process may not show for long. If there is no clock at all, as in some sandboxes, the
 * answer is no.
 *
 * @param ownPid of this process, which is running
 */
export function isFine(clock: CpuClock, ownPid: number): boolean {
  let beforeNs = clock.processRunNs(ownPid);
  let moves = 0;
  for (let i = 0; i < READINGS; i++) {
    const nowNs = clock.processRunNs(ownPid);
    if (nowNs > beforeNs) moves++;
    beforeNs = nowNs;
  }
  return moves > READINGS / 2;
}
