/**
 * From the table to a sample's rows; nothing else changes. What it costs follows the tasks that did something; an idle
 * task keeps its row.
 */
import { COUNTER } from "../model/counters.ts";
import {
  Row,
  addInto,
  isIdle,
  unknownDelta,
  withWaits,
} from "../model/delta.ts";
import type { Exit, IoDelta, TaskDelta } from "../model/sample.ts";
import { isRestless, noteRestless } from "../model/view/activity.ts";
import type { BlockedTasks } from "./blocked-tasks.ts";
import { livingParent } from "./living-parent.ts";
import type { Lives } from "./lives.ts";
import { DELAYS_UNSURE, DIRTY, ENDED, NEW, REPORTED } from "./life-state.ts";

const UNKNOWN: IoDelta = unknownDelta();

export interface BuiltRows {
  readonly threads: readonly TaskDelta[];
  /** Sums over all rows: of those that tell a counter, and unknown if none does. */
  readonly total: IoDelta;
  readonly liveCount: number;
}

export class SampleBuilder {
  readonly #lives: Lives;
  readonly #blocked: BlockedTasks;
  /** Rows of living tasks, dense, and the slot of each. */
  readonly #rows: TaskDelta[] = [];
  readonly #slotOfRow: number[] = [];
  readonly #rowOfSlot: number[] = [];
  /** How many of the rows tell bytes, and waits: the counters that can be unknown for one task and not for another. */
  #byteRows = 0;
  #waitRows = 0;
  #active: number[] = [];
  /** What an idle task did: zeros, and null where the kernel does not count. */
  #idle = UNKNOWN;
  #idleWithoutDelays = UNKNOWN;
  /** As of the last sample. */
  #delaysCounted = false;
  #delaysCountedSinceNs = Infinity;

  constructor(lives: Lives, blocked: BlockedTasks) {
    this.#lives = lives;
    this.#blocked = blocked;
  }

  /** @param idle what an idle task did */
  build(intervalNs: number, idle: IoDelta): BuiltRows {
    const { table } = this.#lives;
    this.#idle = idle;
    this.#idleWithoutDelays = withWaits(idle, UNKNOWN);
    const total = unknownDelta();
    const ended: TaskDelta[] = [];
    for (const slot of this.#active)
      if (!table.has(slot, DIRTY | ENDED)) this.#makeIdle(slot);
    this.#active = [];
    for (const slot of table.dirty) {
      const row = this.#makeRow(slot, intervalNs);
      addInto(total, row);
      if (table.has(slot, ENDED)) {
        const parent = livingParent(this.#lives, slot, row.born);
        table.task[slot]!.meetParent(parent);
        if (!table.has(slot, REPORTED) || !isIdle(row)) ended.push(row);
        this.#drop(slot);
      } else {
        this.#place(slot, row);
        // What was only found, at the baseline, has an idle row already.
        if (row.born || !isIdle(row) || table.has(slot, DELAYS_UNSURE))
          this.#active.push(slot);
      }
    }
    this.#refreshBlocked();
    this.#refreshUnknown();
    addInto(total, this.#idleTotal());
    const threads =
      ended.length === 0 ? this.#rows.slice() : this.#rows.concat(ended);
    noteRestless(threads, [...this.#restlessLiving(), ...ended]);
    return {
      threads,
      total,
      liveCount: this.#rows.length,
    };
  }

  /** In the order of the rows. */
  #restlessLiving(): readonly TaskDelta[] {
    const places = new Set<number>();
    for (const slots of [this.#active, this.#blocked.changed])
      for (const slot of slots) {
        const at = this.#rowOfSlot[slot] ?? -1;
        if (at >= 0 && isRestless(this.#rows[at]!)) places.add(at);
      }
    return [...places].sort((a, b) => a - b).map((at) => this.#rows[at]!);
  }

  /** What all idle tasks did: zeros, where one of them at least can be read. Nobody at all is never there: iotop is. */
  #idleTotal(): IoDelta {
    const io = this.#byteRows > 0 ? this.#idle : UNKNOWN;
    return withWaits(io, this.#waitRows > 0 ? this.#idle : UNKNOWN);
  }

  /** The row of a task that did something, began or ended. */
  #makeRow(slot: number, intervalNs: number): Row {
    const { delays, table } = this.#lives;
    const { counters } = table;
    const hasEnded = table.has(slot, ENDED);
    const born = table.has(slot, NEW);
    const delaysKnown = this.#idle.ioWaitNs !== null && delays.areKnown(slot);
    const idle = this.#idleDeltaOf(slot);
    const io = counters.hasUnreported(slot)
      ? counters.unreported(slot, delaysKnown)
      : idle;
    // Of a life that is new nothing was reported before.
    let since = born ? io : idle;
    if (!born && counters.hasCounted(slot))
      since = counters.sinceBaseline(slot, delaysKnown);
    return new Row({
      task: table.task[slot]!,
      io,
      elapsedNs:
        born || hasEnded ? intervalNs : this.#elapsedNs(slot, intervalNs),
      since,
      count: 1,
      born,
      exit: hasEnded ? exitOf(table.exitCode[slot]!) : null,
      blockedNs: hasEnded ? 0 : this.#blocked.blockedNs(slot),
      lifetime: counters.lifetime(slot),
    });
  }

  /**
   * Between the two last readings by the task's own clock; from the moment its process was found idle, if that is
   * later.
   */
  #elapsedNs(slot: number, intervalNs: number): number {
    const { processes, table } = this.#lives;
    const idleNs = processes.activity.idleNs[table.process[slot]!]!;
    const readNs = table.readNs[slot]!;
    if (idleNs > table.previousReadNs[slot]!) return readNs - idleNs;
    // Ages from /proc have fractions of a nanosecond, which a recording would not give back.
    const agedNs = Math.round(
      (table.ageUs[slot]! - table.previousAgeUs[slot]!) * 1000,
    );
    return agedNs > 0 ? agedNs : intervalNs;
  }

  /** An idle row: what the last one had summed up stays. */
  #makeIdle(slot: number): void {
    const before = this.#rows[this.#rowOfSlot[slot]!]!;
    const row = new Row({
      task: before.task,
      io: this.#idleDeltaOf(slot),
      elapsedNs: before.elapsedNs,
      since: before.since,
      count: 1,
      born: false,
      exit: null,
      blockedNs: this.#blocked.blockedNs(slot),
      lifetime: before.lifetime,
    });
    this.#place(slot, row);
  }

  /** What an idle task did: null where its counters cannot be read or its waits are not counted. */
  #idleDeltaOf(slot: number): IoDelta {
    const { delays, table } = this.#lives;
    const reads = table.counters.current(slot, COUNTER.readBytes);
    const delaysKnown = delays.areKnown(slot);
    if (Number.isNaN(reads))
      return withWaits(UNKNOWN, delaysKnown ? this.#idle : UNKNOWN);
    return delaysKnown ? this.#idle : this.#idleWithoutDelays;
  }

  /** Idle rows whose tasks are stuck for longer now, or no more. */
  #refreshBlocked(): void {
    for (const slot of this.#blocked.changed) {
      const row = this.#rows[this.#rowOfSlot[slot] ?? -1];
      if (row !== undefined && row.blockedNs !== this.#blocked.blockedNs(slot))
        this.#makeIdle(slot);
    }
  }

  /** When more, or less, became known of the waits, idle rows say so. */
  #refreshUnknown(): void {
    const { countedSinceNs } = this.#lives.delays;
    const delaysCounted = this.#idle.ioWaitNs !== null;
    const isSame =
      countedSinceNs === this.#delaysCountedSinceNs &&
      delaysCounted === this.#delaysCounted;
    this.#delaysCountedSinceNs = countedSinceNs;
    this.#delaysCounted = delaysCounted;
    if (isSame) return;
    const active = new Set(this.#active);
    for (const slot of this.#slotOfRow)
      if (!active.has(slot)) this.#makeIdle(slot);
  }

  #place(slot: number, row: TaskDelta): void {
    let at = this.#rowOfSlot[slot] ?? -1;
    if (at < 0) {
      at = this.#rows.length;
      this.#rowOfSlot[slot] = at;
      this.#slotOfRow[at] = slot;
    } else this.#count(this.#rows[at]!, -1);
    this.#rows[at] = row;
    this.#count(row, 1);
  }

  #drop(slot: number): void {
    const at = this.#rowOfSlot[slot] ?? -1;
    if (at < 0) return;
    this.#count(this.#rows[at]!, -1);
    const last = this.#rows.pop()!;
    const lastSlot = this.#slotOfRow.pop()!;
    if (lastSlot !== slot) {
      this.#rows[at] = last;
      this.#slotOfRow[at] = lastSlot;
      this.#rowOfSlot[lastSlot] = at;
    }
    this.#rowOfSlot[slot] = -1;
  }

  #count({ readBytes, ioWaitNs }: TaskDelta, by: 1 | -1): void {
    if (readBytes !== null) this.#byteRows += by;
    if (ioWaitNs !== null) this.#waitRows += by;
  }
}

/** @param status as wait(2) encodes it: the signal in the low 7 bits, the code in the second byte */
function exitOf(status: number): Exit {
  return Number.isNaN(status)
    ? { code: null, signal: null }
    : { code: (status >> 8) & 0xff, signal: status & 0x7f };
}
