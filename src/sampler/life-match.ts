/**
 * Whether a record can be of a life that is in the table: by its process, start, age, counters and name. What follows from
 * it is in reconcile.ts; the process of a new life in process-of-task.ts.
 */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import {
  EXIT_LAG_NS,
  startHighNs,
  startLowNs,
  type ReadWindow,
} from "./event.ts";
import { ENDED } from "./life-state.ts";
import type { LifeTable } from "./life-table.ts";
import type { ProcessTable } from "./process-table.ts";

export class LifeMatch {
  readonly #table: LifeTable;
  readonly #processes: ProcessTable;

  constructor(table: LifeTable, processes: ProcessTable) {
    this.#table = table;
    this.#processes = processes;
  }

  /** Whether an answer can be of this slot's life: it started at the same time, and is not younger than it was. */
  isSameLife(slot: number, r: TaskstatsRecord, window: ReadWindow): boolean {
    return (
      this.beganTogether(slot, r, window) &&
      !(r.elapsedUs < this.#table.ageUs[slot]!)
    );
  }

  /** Whether an exit message can be of this slot's life, or of one that went on under its tid. */
  canEnd(slot: number, r: TaskstatsRecord, window: ReadWindow): boolean {
    const table = this.#table;
    if (!this.beganTogether(slot, r, window)) return false;
    const isYounger = r.elapsedUs < table.ageUs[slot]!;
    if (table.has(slot, ENDED)) return !isYounger;
    return isYounger ? this.#wasHeldUp(slot, r) : this.canBecome(slot, r);
  }

  /** Whether a record can be a later reading of this slot's task: nothing in it is lower. */
  canBecome(slot: number, r: TaskstatsRecord): boolean {
    const table = this.#table;
    if (table.counters.isAbove(slot, r.counters)) return false;
    return !(
      table.cpuCount[slot]! > r.cpuCount || table.cpuRunNs[slot]! > r.cpuRunNs
    );
  }

  /** The task has not run between this record and the latest one of the slot. */
  isUnchanged(slot: number, r: TaskstatsRecord): boolean {
    const { cpuCount, cpuRunNs } = this.#table;
    return r.cpuCount === cpuCount[slot] && r.cpuRunNs === cpuRunNs[slot];
  }

  hasName(slot: number, r: TaskstatsRecord): boolean {
    const { comm } = this.#table;
    const at = slot * 4;
    return (
      comm[at] === r.comm0 &&
      comm[at + 1] === r.comm1 &&
      comm[at + 2] === r.comm2 &&
      comm[at + 3] === r.comm3
    );
  }

  /** A task never leaves its process, and has but one start. */
  beganTogether(slot: number, r: TaskstatsRecord, window: ReadWindow): boolean {
    const table = this.#table;
    const pid = this.#processes.at(table.process[slot]!).pid;
    return (
      (Number.isNaN(r.tgid) || r.tgid === pid) &&
      this.#startMeets(slot, window, r.elapsedUs)
    );
  }

  /** Whether a record can be of a thread whose main one this slot's task is: that tells how old its process is. */
  hasLeader(slot: number, r: TaskstatsRecord, window: ReadWindow): boolean {
    return this.#startMeets(slot, window, r.processElapsedUs);
  }

  #startMeets(slot: number, window: ReadWindow, ageUs: number): boolean {
    const { startLowNs: lowNs, startHighNs: highNs } = this.#table;
    return (
      startLowNs(window, ageUs) <= highNs[slot]! &&
      startHighNs(window, ageUs) >= lowNs[slot]!
    );
  }

  /** Whether a message can have been filled in before the last reading of this slot's task, and sent after it. */
  #wasHeldUp(slot: number, r: TaskstatsRecord): boolean {
    const table = this.#table;
    if (table.counters.isBelow(slot, r.counters)) return false;
    return (
      (table.ageUs[slot]! - r.elapsedUs) * 1000 <= EXIT_LAG_NS &&
      this.hasName(slot, r) &&
      !(table.cpuCount[slot]! < r.cpuCount) &&
      !(table.cpuRunNs[slot]! < r.cpuRunNs)
    );
  }
}
