/**
 * Whether processes have run: columns by the index of a process, because each scan goes through all of them, and what it
 * reads of them lies side by side this way.
 */
import { extend } from "./grow-typed-array.ts";

const INITIAL_CAPACITY = 1024;

export class ProcessActivity {
  /** Of the latest process of each pid; 0 elsewhere. */
  pid = new Int32Array(INITIAL_CAPACITY);
  /** CPU time, ns, as read before the threads of the process were last asked; NaN if they were not. */
  runNs = new Float64Array(INITIAL_CAPACITY);
  /** When it was last found not to have run, monotonic ns; 0 if it never was. */
  idleNs = new Float64Array(INITIAL_CAPACITY);
  /** The scan in which no list of its threads was read: one that was not seen may be there all the same. */
  unlistedScan = new Uint32Array(INITIAL_CAPACITY);
  /** The latest scan in which the list of its threads was not read though it had run; 0 if there was none. */
  skippedScan = new Uint32Array(INITIAL_CAPACITY);

  /** A new process, the latest of its pid. */
  begin(index: number, pid: number): void {
    if (index >= this.pid.length) this.#grow(index * 2);
    this.pid[index] = pid;
    this.runNs[index] = NaN;
    this.idleNs[index] = 0;
    this.unlistedScan[index] = 0;
    this.skippedScan[index] = 0;
  }

  /** It is gone, or another process has its pid. */
  end(index: number): void {
    this.pid[index] = 0;
  }

  #grow(capacity: number): void {
    this.pid = extend(this.pid, capacity);
    this.runNs = extend(this.runNs, capacity);
    this.idleNs = extend(this.idleNs, capacity);
    this.unlistedScan = extend(this.unlistedScan, capacity);
    this.skippedScan = extend(this.skippedScan, capacity);
  }
}
