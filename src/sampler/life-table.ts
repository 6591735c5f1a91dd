/**
 * Lives in columns: one slot for every life of a tid. Columns are typed arrays, so that reading ten thousand tasks
 * allocates nothing; memory of ended lives is used again, once `release` of lives.ts has given it back.
 */
import { CounterTable } from "./counter-table.ts";
import { extend } from "./grow-typed-array.ts";
import { DIRTY } from "./life-state.ts";
import type { Task } from "./task.ts";

const NONE = -1;

/** Enough for most machines. The system gives memory only to what is written, so unused slots cost nothing. */
const INITIAL_CAPACITY = 1 << 15;

export class LifeTable {
  capacity = 0;
  tid = new Int32Array(0);
  flags = new Uint16Array(0);
  /** Index into the process table. */
  process = new Int32Array(0);
  /** Number of the scan that last saw the task. */
  seen = new Uint32Array(0);
  /** When its exit message had been received, monotonic ns. */
  endNs = new Float64Array(0);
  /** As wait(2) encodes it; NaN if unknown. */
  exitCode = new Float64Array(0);
  /** The task started between these two, monotonic ns: readings narrow them. */
  startLowNs = new Float64Array(0);
  startHighNs = new Float64Array(0);
  /** Age of the task at its last two readings in different scans, µs, and the time of the last one, monotonic ns. */
  ageUs = new Float64Array(0);
  previousAgeUs = new Float64Array(0);
  readNs = new Float64Array(0);
  previousReadNs = new Float64Array(0);
  cpuCount = new Float64Array(0);
  cpuRunNs = new Float64Array(0);
  /** Name, four words. */
  comm = new Uint32Array(0);
  readonly counters = new CounterTable();
  /** As outputs see it. */
  readonly task: (Task | undefined)[] = [];

  /** Slots in use, ended ones included: the first `liveCount` entries, in no order. */
  slots = new Int32Array(0);
  liveCount = 0;
  #position = new Int32Array(0);
  readonly #free: number[] = [];
  /** Slots from here on were never used: their memory is not resident yet. */
  #unused = 0;
  #slotOfTid: Int32Array;
  /** Slots to look at for the next sample. */
  readonly dirty: number[] = [];

  constructor(pidMax: number) {
    this.#slotOfTid = new Int32Array(pidMax + 1);
    this.#grow(Math.min(pidMax, INITIAL_CAPACITY));
  }

  /** The slot of the latest life of a tid; -1 if there is none. */
  find(tid: number): number {
    return tid < this.#slotOfTid.length ? this.#slotOfTid[tid]! - 1 : NONE;
  }

  /** A zeroed slot for a new life, which from now on is what `find` returns. */
  add(tid: number): number {
    let slot = this.#free.pop();
    if (slot === undefined) {
      if (this.#unused === this.capacity) this.#grow(this.capacity * 2);
      slot = this.#unused++;
    }
    this.tid[slot] = tid;
    this.flags[slot] = 0;
    this.exitCode[slot] = NaN;
    this.endNs[slot] = 0;
    this.cpuCount[slot] = NaN;
    this.cpuRunNs[slot] = NaN;
    this.#position[slot] = this.liveCount;
    this.slots[this.liveCount++] = slot;
    this.name(slot);
    return slot;
  }

  /** Gives the slot back. */
  remove(slot: number): void {
    this.#unname(slot);
    const last = this.slots[--this.liveCount]!;
    const position = this.#position[slot]!;
    this.slots[position] = last;
    this.#position[last] = position;
    this.#free.push(slot);
    this.counters.rebaseline(slot);
    this.task[slot] = undefined;
  }

  /** The task of this slot goes on under another tid, as its latest life. */
  rename(slot: number, tid: number): void {
    this.#unname(slot);
    this.tid[slot] = tid;
    this.name(slot);
  }

  /** Makes this slot what `find` returns for its tid. */
  name(slot: number): void {
    const tid = this.tid[slot]!;
    if (tid >= this.#slotOfTid.length) {
      // kernel.pid_max was raised while we run.
      const larger = new Int32Array(tid * 2);
      larger.set(this.#slotOfTid);
      this.#slotOfTid = larger;
    }
    this.#slotOfTid[tid] = slot + 1;
  }

  has(slot: number, flag: number): boolean {
    return (this.flags[slot]! & flag) !== 0;
  }

  set(slot: number, flag: number): void {
    this.flags[slot]! |= flag;
  }

  clear(slot: number, flag: number): void {
    this.flags[slot]! &= ~flag;
  }

  touch(slot: number): void {
    if (this.has(slot, DIRTY)) return;
    this.set(slot, DIRTY);
    this.dirty.push(slot);
  }

  #unname(slot: number): void {
    const tid = this.tid[slot]!;
    if (this.#slotOfTid[tid] === slot + 1) this.#slotOfTid[tid] = 0;
  }

  #grow(capacity: number): void {
    this.tid = extend(this.tid, capacity);
    this.flags = extend(this.flags, capacity);
    this.process = extend(this.process, capacity);
    this.seen = extend(this.seen, capacity);
    this.exitCode = extend(this.exitCode, capacity);
    this.endNs = extend(this.endNs, capacity);
    this.startLowNs = extend(this.startLowNs, capacity);
    this.startHighNs = extend(this.startHighNs, capacity);
    this.ageUs = extend(this.ageUs, capacity);
    this.previousAgeUs = extend(this.previousAgeUs, capacity);
    this.readNs = extend(this.readNs, capacity);
    this.previousReadNs = extend(this.previousReadNs, capacity);
    this.cpuCount = extend(this.cpuCount, capacity);
    this.cpuRunNs = extend(this.cpuRunNs, capacity);
    this.comm = extend(this.comm, capacity * 4);
    this.slots = extend(this.slots, capacity);
    this.#position = extend(this.#position, capacity);
    this.counters.reserve(capacity);
    this.capacity = capacity;
  }
}
