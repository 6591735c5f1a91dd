/** Processes in columns: which have run since they were last asked, and what their ended threads did. */
import { addInto, unknownDelta, type MutableIoDelta } from "../model/delta.ts";
import type { RetiredThreads } from "../model/fold.ts";
import type { IoDelta } from "../model/sample.ts";

interface Retired {
  readonly since: MutableIoDelta;
  count: number;
}

export class ProcessTable {
  readonly #indexOfPid = new Map<number, number>();
  readonly #free: number[] = [];
  readonly pid: number[] = [];
  /** Threads alive. */
  readonly threads: number[] = [];
  /** The main thread of this process has been seen: another one means that the pid is used again. */
  readonly hasMain: boolean[] = [];
  /** More than one thread when last listed: asked by process first. */
  readonly isMulti: boolean[] = [];
  /** The fingerprint: how often any thread was put on a CPU, and for how long. Unchanged means that none has run. */
  readonly cpuCount: number[] = [];
  readonly cpuRunNs: number[] = [];
  /** Scan in which the process was last found not to have run, and when that was, monotonic ns. */
  readonly idleScan: number[] = [];
  readonly idleNs: number[] = [];
  /** By index; only processes that have lost threads while they go on. */
  readonly #retired = new Map<number, Retired>();
  #snapshot: RetiredThreads = new Map();
  #snapshotIsCurrent = true;

  /** The process of a pid; -1 if unknown. */
  find(pid: number): number {
    return this.#indexOfPid.get(pid) ?? -1;
  }

  get size(): number {
    return this.#indexOfPid.size;
  }

  /** The process that a new life belongs to, made if need be. A second main thread is a new process. */
  join(pid: number, isMain: boolean): number {
    let index = this.find(pid);
    if (index < 0 || (isMain && this.hasMain[index])) index = this.#add(pid);
    if (isMain) this.hasMain[index] = true;
    this.threads[index]!++;
    return index;
  }

  /** A thread ended; `since` is what it did all its watched life. The process ends with its last thread. */
  leave(index: number, since: IoDelta): void {
    if (--this.threads[index]! === 0) {
      this.#remove(index);
      return;
    }
    let retired = this.#retired.get(index);
    if (retired === undefined) {
      retired = { since: unknownDelta(), count: 0 };
      this.#retired.set(index, retired);
    }
    addInto(retired.since, since);
    retired.count++;
    this.#snapshotIsCurrent = false;
  }

  /** What ended threads of living processes did; the same object until something changes. */
  retired(): RetiredThreads {
    if (this.#snapshotIsCurrent) return this.#snapshot;
    const snapshot = new Map<number, { since: IoDelta; count: number }>();
    for (const [index, { since, count }] of this.#retired)
      snapshot.set(this.pid[index]!, { since: { ...since }, count });
    this.#snapshot = snapshot;
    this.#snapshotIsCurrent = true;
    return snapshot;
  }

  #add(pid: number): number {
    const index = this.#free.pop() ?? this.pid.length;
    this.pid[index] = pid;
    this.threads[index] = 0;
    this.hasMain[index] = false;
    this.isMulti[index] = false;
    this.cpuCount[index] = NaN;
    this.cpuRunNs[index] = NaN;
    this.idleScan[index] = 0;
    this.idleNs[index] = 0;
    this.#indexOfPid.set(pid, index);
    return index;
  }

  #remove(index: number): void {
    const pid = this.pid[index]!;
    if (this.#indexOfPid.get(pid) === index) this.#indexOfPid.delete(pid);
    if (this.#retired.delete(index)) this.#snapshotIsCurrent = false;
    this.#free.push(index);
  }
}
