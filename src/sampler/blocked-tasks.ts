/**
 * Which tasks are stuck in uninterruptible sleep (state D), and for how long. Nothing tells when a task falls asleep, so
 * its state is read: of each task that ran in the scan before and not in this one, as it can change its state in no other
 * way, and once of all that were there when watching began. Reading a state takes 10 µs (Linux 6.18).
 */
import type { Procfs } from "../kernel/procfs.ts";
import { extend } from "./grow-typed-array.ts";
import { ENDED } from "./life-state.ts";
import type { Lives } from "./lives.ts";

/** What is read of a task. */
export type TaskStates = Pick<Procfs, "readState" | "readRunCount">;

/** The most states that one scan reads; when a herd turns idle at once, it takes several. */
const MOST_LOOKS = 250;
/** Of those that were found stuck before. */
const MOST_SECOND_LOOKS = 100;
const LOOKS_PER_STEP = 32;
const STUCK = "D";

interface Suspect {
  /** When it was last known to run, or first seen, monotonic ns. */
  readonly sinceNs: number;
  /** How often it had run when it was found stuck; NaN if that cannot be read. */
  readonly runCount: number;
  /** It is known not to have run for a whole interval. */
  readonly isSure: boolean;
}

export class BlockedTasks {
  readonly #lives: Lives;
  readonly #states: TaskStates;
  /** Slots whose state is to be read once they have not run for a scan. */
  #queue: number[] = [];
  readonly #suspects = new Map<number, Suspect>();
  /** By slot: in which scan, and when, it was last read to have run, and whether its state is known. */
  #ranScan = new Uint32Array(0);
  #lastRunNs = new Float64Array(0);
  #isKnown = new Uint8Array(0);
  #nowNs = 0;
  #looks = 0;
  readonly #changed = new Set<number>();

  constructor(lives: Lives, states: TaskStates) {
    this.#lives = lives;
    this.#states = states;
  }

  /** Slots of which something else is to be said than in the sample before: of all that are stuck, as time goes on. */
  get changed(): ReadonlySet<number> {
    return this.#changed;
  }

  /** How long a task has been stuck, at the end of the scan; 0 if it is not; null if its state was not read. */
  blockedNs(slot: number): number | null {
    const suspect = this.#suspects.get(slot);
    if (suspect?.isSure) return Math.max(1, this.#nowNs - suspect.sinceNs);
    return this.#isKnown[slot] ? 0 : null;
  }

  /**
   * After all tasks were read. To be run to its end.
   *
   * @param nowNs when the scan began, monotonic
   */
  *scan(nowNs: number): Generator<void, void, void> {
    this.#nowNs = nowNs;
    this.#looks = 0;
    this.#changed.clear();
    this.#reserve(this.#lives.table.capacity);
    const runners = this.#takeRunners();
    if (this.#lives.scan > 1) {
      yield* this.#lookAgain();
      yield* this.#lookAtQueue();
    }
    for (const slot of runners) this.#queue.push(slot);
  }

  /** Who has run since the scan before, as far as is known. */
  #takeRunners(): readonly number[] {
    const { ran, scan, table } = this.#lives;
    const runners: number[] = [];
    for (const slot of ran) {
      if (this.#ranScan[slot] === scan) continue;
      this.#ranScan[slot] = scan;
      this.#lastRunNs[slot] = table.readNs[slot]!;
      runners.push(slot);
      // At the baseline all are seen for the first time.
      if (scan === 1 || !this.#showsRuns(slot)) continue;
      if (this.#suspects.delete(slot)) this.#changed.add(slot);
      this.#know(slot);
    }
    ran.length = 0;
    return runners;
  }

  *#lookAtQueue(): Generator<void, void, void> {
    const queue = this.#queue;
    this.#queue = [];
    for (const slot of queue) {
      if (!this.#isAlive(slot) || this.#suspects.has(slot)) continue;
      // It is in the queue again.
      if (this.#hasRun(slot) && this.#showsRuns(slot)) continue;
      if (this.#looks < MOST_LOOKS) yield* this.#look(slot);
      else this.#queue.push(slot);
    }
  }

  /** Who was found stuck in an earlier scan. */
  *#lookAgain(): Generator<void, void, void> {
    for (const [slot, { isSure }] of [...this.#suspects]) {
      if (isSure) this.#changed.add(slot);
      if (!this.#isAlive(slot)) this.#suspects.delete(slot);
      // It cannot go on without running: the others of a multitude have their turn in the next scan.
      else if (this.#looks < MOST_SECOND_LOOKS) yield* this.#look(slot);
    }
  }

  *#look(slot: number): Generator<void, void, void> {
    const tid = this.#lives.table.tid[slot]!;
    const state = this.#states.readState(tid);
    // It is gone, or hidden from us.
    if (state === null) this.#suspects.delete(slot);
    else {
      if (state === STUCK) this.#suspect(slot, tid);
      else this.#suspects.delete(slot);
      this.#know(slot);
    }
    if (++this.#looks % LOOKS_PER_STEP === 0) yield;
  }

  #suspect(slot: number, tid: number): void {
    const { table } = this.#lives;
    const before = this.#suspects.get(slot);
    const runCount = this.#states.readRunCount(tid);
    const expected = before?.runCount ?? table.cpuCount[slot]!;
    // It ran after the sampler had read it.
    const hasRun = runCount !== expected && !Number.isNaN(runCount + expected);
    const isSame = before !== undefined && !hasRun;
    // Without a count it is the process that has not run.
    const isSure =
      isSame && Number.isNaN(runCount)
        ? !this.#hasRun(slot)
        : runCount > 0 && runCount === expected;
    // Whoever was looked at last is the last of them.
    this.#suspects.delete(slot);
    this.#suspects.set(slot, {
      sinceNs: isSame
        ? before.sinceNs
        : hasRun
          ? this.#nowNs
          : this.#lastRunNs[slot]!,
      runCount,
      isSure,
    });
    if (isSure) this.#changed.add(slot);
  }

  /** Whether it ran in this scan, or may have. */
  #hasRun(slot: number): boolean {
    return this.#ranScan[slot] === this.#lives.scan;
  }

  /** Whether what is read of a task shows that it has run. Else all that were read may have. */
  #showsRuns(slot: number): boolean {
    return !Number.isNaN(this.#lives.table.cpuCount[slot]!);
  }

  #isAlive(slot: number): boolean {
    const { table } = this.#lives;
    return table.find(table.tid[slot]!) === slot && !table.has(slot, ENDED);
  }

  #know(slot: number): void {
    if (this.#isKnown[slot]) return;
    this.#isKnown[slot] = 1;
    this.#changed.add(slot);
  }

  #reserve(capacity: number): void {
    if (this.#isKnown.length >= capacity) return;
    this.#ranScan = extend(this.#ranScan, capacity);
    this.#lastRunNs = extend(this.#lastRunNs, capacity);
    this.#isKnown = extend(this.#isKnown, capacity);
  }
}
