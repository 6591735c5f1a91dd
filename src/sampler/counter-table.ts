/**
 * The counters of each life, three times: as last read (current), as the last sample showed them (reported), and as they
 * were when counting began (baseline). Nothing else indexes them.
 *
 * Most tasks never move. For them only what was read is kept, and it is what was reported and where counting began; a
 * task that moves gets a page with both.
 */
import { COUNTER, COUNTERS, WAITS } from "../model/counters.ts";
import type { IoDelta, Lifetime, Unknown } from "../model/sample.ts";
import { compile, eachCounter } from "../model/unroll.ts";
import { extend } from "./grow-typed-array.ts";

/** Counters of a task lie side by side, in the order of COUNTERS. */
const WIDTH = COUNTERS.length;
const FIRST_PAGES = 256;

export class CounterTable {
  /** NaN: unknown. */
  #current = new Float64Array(0);
  #reported = new Float64Array(FIRST_PAGES * WIDTH);
  #baseline = new Float64Array(FIRST_PAGES * WIDTH);
  /** By slot: page number + 1, or 0. */
  #pageOf = new Int32Array(0);
  readonly #freePages: number[] = [];
  #unusedPage = 0;

  /** Makes room for slots below this number. */
  reserve(slots: number): void {
    this.#current = extend(this.#current, slots * WIDTH);
    this.#pageOf = extend(this.#pageOf, slots);
  }

  /** A life that counts in full: all that was read is to be reported. An unknown counter stays unknown. */
  begin(slot: number, counters: Float64Array): void {
    this.rebaseline(slot);
    const at = slot * WIDTH;
    for (let i = 0; i < WIDTH; i++) this.#current[at + i] = counters[i]!;
    const page = this.#addPage(slot);
    this.#reported.fill(0, page, page + WIDTH);
    this.#baseline.fill(0, page, page + WIDTH);
  }

  /**
   * A lower counter is left unread; one that may be read no longer is unknown from then on.
   *
   * @returns whether anything changed
   */
  raise(slot: number, counters: Float64Array): boolean {
    const at = slot * WIDTH;
    let hasMoved = false;
    for (let i = 0; i < WIDTH; i++) {
      const value = counters[i]!;
      const current = this.#current[at + i]!;
      const isLost = Number.isNaN(value) && !Number.isNaN(current);
      if (!(value > current) && !isLost) continue;
      if (!hasMoved) this.#page(slot);
      this.#current[at + i] = value;
      hasMoved = true;
    }
    return hasMoved;
  }

  /** Raises a counter without counting it: what was reported, and what will be, stays. */
  skip(slot: number, counter: number, from: number, to: number): void {
    const page = this.#page(slot) + counter;
    this.#current[slot * WIDTH + counter] = to;
    this.#reported[page]! += to - from;
    this.#baseline[page]! += to - from;
  }

  /** Counting began at these, which are lower than what was read. */
  baselineAt(slot: number, counters: Float64Array): void {
    const page = this.#page(slot);
    this.#reported.set(counters, page);
    this.#baseline.set(counters, page);
  }

  /** What was read so far is not ours to report, or has been reported. */
  rebaseline(slot: number): void {
    const page = this.#pageOf[slot]! - 1;
    if (page < 0) return;
    this.#pageOf[slot] = 0;
    this.#freePages.push(page);
  }

  /** NaN if unknown. */
  current(slot: number, counter: number): number {
    return this.#current[slot * WIDTH + counter]!;
  }

  /** Whether any counter was read to be more than that. */
  isAbove(slot: number, counters: Float64Array): boolean {
    return exceeds(this.#current, slot * WIDTH, counters, 0);
  }

  /** Whether any counter was read to be less than that. */
  isBelow(slot: number, counters: Float64Array): boolean {
    return exceeds(counters, 0, this.#current, slot * WIDTH);
  }

  hasUnreported(slot: number): boolean {
    const page = this.#findPage(slot);
    if (page < 0) return false;
    return exceeds(this.#current, slot * WIDTH, this.#reported, page);
  }

  /** Whether anything is to be counted since watching began. */
  hasCounted(slot: number): boolean {
    const page = this.#findPage(slot);
    if (page < 0) return false;
    return exceeds(this.#current, slot * WIDTH, this.#baseline, page);
  }

  /** What is new since the last sample. */
  unreported(slot: number, delaysKnown: boolean): IoDelta {
    const page = this.#page(slot);
    const at = slot * WIDTH;
    return difference(this.#current, at, this.#reported, page, delaysKnown);
  }

  /** All since watching began. */
  sinceBaseline(slot: number, delaysKnown: boolean): IoDelta {
    const page = this.#page(slot);
    const at = slot * WIDTH;
    return difference(this.#current, at, this.#baseline, page, delaysKnown);
  }

  /** All that a task has done, as last read. Of one that has not done anything it is always the same object. */
  lifetime(slot: number): Lifetime | Unknown {
    const readBytes = outside(this.current(slot, COUNTER.readBytes));
    const writeBytes = outside(this.current(slot, COUNTER.writeBytes));
    const cancelledBytes = outside(this.current(slot, COUNTER.cancelledBytes));
    if (readBytes === null && writeBytes === null) return null;
    if (readBytes === 0 && writeBytes === 0 && cancelledBytes === 0)
      return NOTHING_EVER;
    return { readBytes, writeBytes, cancelledBytes };
  }

  markReported(slot: number): void {
    const page = this.#findPage(slot);
    const at = slot * WIDTH;
    for (let i = 0; page >= 0 && i < WIDTH; i++)
      this.#reported[page + i] = this.#current[at + i]!;
  }

  /** Where a slot's page begins; below 0 if it has none. */
  #findPage(slot: number): number {
    return (this.#pageOf[slot]! - 1) * WIDTH;
  }

  /** Where a slot's page begins; a new one says that nothing is to be reported, and that counting begins here. */
  #page(slot: number): number {
    const found = this.#findPage(slot);
    if (found >= 0) return found;
    const page = this.#addPage(slot);
    const at = slot * WIDTH;
    for (let i = 0; i < WIDTH; i++) {
      const value = this.#current[at + i]!;
      this.#reported[page + i] = value;
      this.#baseline[page + i] = value;
    }
    return page;
  }

  #addPage(slot: number): number {
    const page = this.#freePages.pop() ?? this.#unusedPage++;
    this.#pageOf[slot] = page + 1;
    const end = (page + 1) * WIDTH;
    if (end > this.#reported.length) {
      this.#reported = extend(this.#reported, end * 2);
      this.#baseline = extend(this.#baseline, end * 2);
    }
    return end - WIDTH;
  }
}

/** Whether any counter of the first is more than that of the second. */
function exceeds(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
): boolean {
  for (let i = 0; i < WIDTH; i++) if (a[aAt + i]! > b[bAt + i]!) return true;
  return false;
}

const NOTHING_EVER: Lifetime = Object.freeze({
  readBytes: 0,
  writeBytes: 0,
  cancelledBytes: 0,
});

/** NaN inside, null outside. */
const outside = (n: number): number | Unknown => (Number.isNaN(n) ? null : n);

/** The delays are unknown where the kernel did not count them. */
const difference = compile<
  (
    to: Float64Array,
    toAt: number,
    from: Float64Array,
    fromAt: number,
    delaysKnown: boolean,
  ) => IoDelta
>(
  `(to, toAt, from, fromAt, delaysKnown) => ({
    ${eachCounter((counter, i) => {
      const known = `outside(to[toAt + ${i}] - from[fromAt + ${i}])`;
      const isDelay = WAITS.includes(counter);
      return `${counter}: ${isDelay ? `delaysKnown ? ${known} : null` : known},`;
    })}
  })`,
  { outside },
);
