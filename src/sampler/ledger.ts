/**
 * What of each task's counters is still to be told, and what was told since watching began.
 *
 * Most tasks never move. For them nothing is kept: what was told, and where counting began, is what was last read. A
 * task that moves gets a page with both.
 */
import { COUNTER_COUNT } from "./counters.ts";

const FIRST_PAGES = 256;

export class Ledger {
  /** Counters as told in the last sample, and as they were when counting began; side by side, a page a task. */
  told = new Float64Array(FIRST_PAGES * COUNTER_COUNT);
  base = new Float64Array(FIRST_PAGES * COUNTER_COUNT);
  /** By slot: page number + 1, or 0. */
  #pageOf = new Int32Array(0);
  readonly #free: number[] = [];
  #unused = 0;

  /** Makes room for slots up to this number. */
  reserve(slots: number): void {
    const larger = new Int32Array(slots);
    larger.set(this.#pageOf);
    this.#pageOf = larger;
  }

  /** Where a slot's page begins in `told` and `base`; -1 if it has none. */
  find(slot: number): number {
    return (this.#pageOf[slot]! - 1) * COUNTER_COUNT;
  }

  /** The page of a slot, made if need be: nothing is to be told, and counting begins at what was read. */
  open(slot: number, now: Float64Array): number {
    const found = this.find(slot);
    if (found >= 0) return found;
    const at = this.#add(slot);
    for (let i = 0; i < COUNTER_COUNT; i++) {
      const value = now[slot * COUNTER_COUNT + i]!;
      this.told[at + i] = value;
      this.base[at + i] = value;
    }
    return at;
  }

  /** A page for a life that counts in full: all that was read is to be told. */
  openInFull(slot: number): void {
    const at = this.#add(slot);
    this.told.fill(0, at, at + COUNTER_COUNT);
    this.base.fill(0, at, at + COUNTER_COUNT);
  }

  /** What was read is where counting begins. */
  close(slot: number): void {
    const page = this.#pageOf[slot]! - 1;
    if (page < 0) return;
    this.#pageOf[slot] = 0;
    this.#free.push(page);
  }

  #add(slot: number): number {
    const page = this.#free.pop() ?? this.#unused++;
    this.#pageOf[slot] = page + 1;
    const end = (page + 1) * COUNTER_COUNT;
    if (end > this.told.length) {
      this.told = doubled(this.told);
      this.base = doubled(this.base);
    }
    return end - COUNTER_COUNT;
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
