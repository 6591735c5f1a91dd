/** Whether a record can be of a life that is in the table: by its process, start, age, counters and name. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { COUNTER_COUNT } from "./counters.ts";
import type { ProcessTable } from "./processes.ts";
import { ENDED, HAS_MEMORY, UNHEARD, type TaskTable } from "./table.ts";
import {
  AGE_STEP_NS,
  EXIT_LAG_NS,
  startHighNs,
  startLowNs,
  type When,
} from "./when.ts";

export class Matching {
  readonly #table: TaskTable;
  readonly #processes: ProcessTable;

  constructor(table: TaskTable, processes: ProcessTable) {
    this.#table = table;
    this.#processes = processes;
  }

  /** Whether an answer can be of this slot's life: it started at the same time, and is not younger than it was. */
  isSameLife(slot: number, r: TaskstatsRecord, when: When): boolean {
    return (
      this.#beganTogether(slot, r, when) &&
      !(r.elapsedUs < this.#table.ageUs[slot]!)
    );
  }

  /** Whether an exit message can be of this slot's life, or of one that went on under its tid. */
  canEnd(slot: number, r: TaskstatsRecord, when: When): boolean {
    const table = this.#table;
    if (!this.#beganTogether(slot, r, when)) return false;
    const isYounger = r.elapsedUs < table.ageUs[slot]!;
    if (table.has(slot, ENDED)) return !isYounger || this.isUnheard(slot, r);
    if (!isYounger) return this.canBecome(slot, r);
    // The reading may have come after the end: of a zombie, or of another thread after an execve.
    const isReadLater = when.beforeNs <= table.readNs[slot]!;
    return isReadLater || this.#wasHeldUp(slot, r);
  }

  /** Whether the end was seen, and this is the message that tells it, sent before. */
  isUnheard(slot: number, r: TaskstatsRecord): boolean {
    const table = this.#table;
    return table.has(slot, UNHEARD) && r.elapsedUs <= table.ageUs[slot]!;
  }

  /** Whether a life went on when a message that had been received by then was sent. */
  hasOutlived(slot: number, when: When): boolean {
    const table = this.#table;
    return table.has(slot, HAS_MEMORY) && when.afterNs <= table.readNs[slot]!;
  }

  /** Whether a record can be a later reading of this slot's task under the same name. */
  isSameTask(slot: number, r: TaskstatsRecord): boolean {
    return this.hasName(slot, r) && this.canBecome(slot, r);
  }

  /** Whether a record can be a later reading of this slot's task: nothing in it is lower. */
  canBecome(slot: number, r: TaskstatsRecord): boolean {
    const table = this.#table;
    const at = slot * COUNTER_COUNT;
    for (let i = 0; i < COUNTER_COUNT; i++)
      if (table.now[at + i]! > r.counters[i]!) return false;
    return !(
      table.cpuCount[slot]! > r.cpuCount || table.cpuRunNs[slot]! > r.cpuRunNs
    );
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
  #beganTogether(slot: number, r: TaskstatsRecord, when: When): boolean {
    const table = this.#table;
    const pid = this.#processes.pid[table.process[slot]!];
    return (
      (Number.isNaN(r.tgid) || r.tgid === pid) &&
      startLowNs(r, when) <= table.startHighNs[slot]! &&
      startHighNs(r, when) >= table.startLowNs[slot]!
    );
  }

  /** Whether a record can be of a thread whose main one this slot's task is: that tells how old its process is. */
  hasLeader(slot: number, r: TaskstatsRecord, when: When): boolean {
    const { startLowNs: lowNs, startHighNs: highNs } = this.#table;
    const ageNs = r.processElapsedUs * 1000;
    return (
      when.beforeNs - ageNs - AGE_STEP_NS <= highNs[slot]! &&
      when.afterNs - ageNs >= lowNs[slot]!
    );
  }

  /** Whether a message can have been filled in before the last reading of this slot's task, and sent after it. */
  #wasHeldUp(slot: number, r: TaskstatsRecord): boolean {
    const table = this.#table;
    const at = slot * COUNTER_COUNT;
    for (let i = 0; i < COUNTER_COUNT; i++)
      if (table.now[at + i]! < r.counters[i]!) return false;
    return (
      (table.ageUs[slot]! - r.elapsedUs) * 1000 <= EXIT_LAG_NS &&
      this.hasName(slot, r) &&
      !(table.cpuCount[slot]! < r.cpuCount) &&
      !(table.cpuRunNs[slot]! < r.cpuRunNs)
    );
  }
}
