/** From the table to a sample's rows. What it costs follows the tasks that did something; an idle task keeps its row. */
import { COUNTER } from "../model/counters.ts";
import {
  Row,
  addInto,
  isIdle,
  unknownDelta,
  withWaits,
} from "../model/delta.ts";
import type { Exit, IoDelta, TaskDelta } from "../model/sample.ts";
import { COUNTER_COUNT } from "./counters.ts";
import { hasNew, hasTold, lifetimeOf, newOf, sinceOf, tell } from "./deltas.ts";
import type { BlockedTasks } from "./blocked-tasks.ts";
import type { Lives } from "./lives.ts";
import type { Readings } from "./readings.ts";
import { BORN, DIRTY, ENDED, RETIRED, WAITS_UNSURE } from "./table.ts";

const UNKNOWN: IoDelta = unknownDelta();

export interface BuiltRows {
  readonly threads: readonly TaskDelta[];
  /** Sums over all rows: of those that tell a counter, and unknown if none does. */
  readonly total: IoDelta;
  readonly liveCount: number;
}

export class SampleBuilder {
  readonly #readings: Readings;
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
  #nothing: IoDelta | undefined;
  #nothingButWaits: IoDelta | undefined;
  /** As of the last sample. */
  #toldNothing: IoDelta | undefined;
  #waitsKnownSinceNs = Infinity;

  constructor(readings: Readings, lives: Lives, blocked: BlockedTasks) {
    this.#readings = readings;
    this.#lives = lives;
    this.#blocked = blocked;
  }

  /** @param nothing what an idle task did: zeros, and null where the kernel does not count */
  build(intervalNs: number, nothing: IoDelta): BuiltRows {
    const { table } = this.#readings;
    const total = unknownDelta();
    const ended: TaskDelta[] = [];
    for (const slot of this.#active)
      if (!table.has(slot, DIRTY | ENDED)) this.#rest(slot, nothing);
    this.#active = [];
    for (const slot of table.dirty) {
      const row = this.#tell(slot, intervalNs, nothing);
      addInto(total, row);
      if (table.has(slot, ENDED)) {
        if (!table.has(slot, RETIRED) || !isIdle(row)) ended.push(row);
        this.#drop(slot);
        this.#lives.retire(slot);
      } else {
        this.#place(slot, row);
        // What was only found, at the baseline, has an idle row already.
        if (row.born || !isIdle(row)) this.#active.push(slot);
      }
      table.clear(slot, DIRTY | BORN | WAITS_UNSURE);
    }
    table.dirty.length = 0;
    this.#refreshBlocked(nothing);
    this.#refreshUnknown(nothing);
    this.#lives.release();
    addInto(total, this.#idleTotal(nothing));
    return {
      threads:
        ended.length === 0 ? this.#rows.slice() : this.#rows.concat(ended),
      total,
      liveCount: this.#rows.length,
    };
  }

  /** What all idle tasks did: zeros, where one of them at least can be read. Nobody at all is never there: iotop is. */
  #idleTotal(nothing: IoDelta): IoDelta {
    return withWaits(
      this.#byteRows > 0 ? nothing : UNKNOWN,
      this.#waitRows > 0 ? nothing : UNKNOWN,
    );
  }

  /** The row of a task that did something, began or ended; what it says is told from now on. */
  #tell(slot: number, intervalNs: number, nothing: IoDelta): Row {
    const { table, tasks } = this.#readings;
    const hasEnded = table.has(slot, ENDED);
    const born = table.has(slot, BORN);
    const waitsKnown =
      nothing.ioWaitNs !== null && this.#readings.waits.areKnown(slot);
    const idle = this.#idleDelta(slot, nothing);
    const io = hasNew(table, slot) ? newOf(table, slot, waitsKnown) : idle;
    tell(table, slot);
    // Of a life that is new nothing was told before.
    let since = io;
    if (!born)
      since = hasTold(table, slot) ? sinceOf(table, slot, waitsKnown) : idle;
    return new Row({
      task: tasks[slot]!,
      io,
      elapsedNs:
        born || hasEnded ? intervalNs : this.#elapsedNs(slot, intervalNs),
      since,
      count: 1,
      born,
      exit: hasEnded ? exitOf(table.exitCode[slot]!) : null,
      blockedNs: hasEnded ? 0 : this.#blocked.blockedNs(slot),
      lifetime: lifetimeOf(table, slot),
    });
  }

  /** Between the two last readings by the task's own clock; from the moment its process was found idle, if that is later. */
  #elapsedNs(slot: number, intervalNs: number): number {
    const { table, processes } = this.#readings;
    const idleNs = processes.idleNs[table.process[slot]!]!;
    const readNs = table.readNs[slot]!;
    if (idleNs > table.previousReadNs[slot]!) return readNs - idleNs;
    const agedNs = (table.ageUs[slot]! - table.previousAgeUs[slot]!) * 1000;
    return agedNs > 0 ? agedNs : intervalNs;
  }

  /** An idle row: what the last one had summed up stays. */
  #rest(slot: number, nothing: IoDelta): void {
    const before = this.#rows[this.#rowOfSlot[slot]!]!;
    this.#place(
      slot,
      new Row({
        task: before.task,
        io: this.#idleDelta(slot, nothing),
        elapsedNs: before.elapsedNs,
        since: before.since,
        count: 1,
        born: false,
        exit: null,
        blockedNs: this.#blocked.blockedNs(slot),
        lifetime: before.lifetime,
      }),
    );
  }

  /** What an idle task did: zeros, and null where its counters cannot be read or its waits are not counted. */
  #idleDelta(slot: number, nothing: IoDelta): IoDelta {
    const { table } = this.#readings;
    if (this.#nothing !== nothing) {
      this.#nothing = nothing;
      this.#nothingButWaits = withWaits(nothing, UNKNOWN);
    }
    const reads = table.now[slot * COUNTER_COUNT + COUNTER.readBytes]!;
    const waitsKnown = this.#readings.waits.areKnown(slot);
    if (!Number.isNaN(reads))
      return waitsKnown ? nothing : this.#nothingButWaits!;
    return withWaits(UNKNOWN, waitsKnown ? nothing : UNKNOWN);
  }

  /** Idle rows whose tasks are stuck for longer now, or no more. */
  #refreshBlocked(nothing: IoDelta): void {
    for (const slot of this.#blocked.changed) {
      const row = this.#rows[this.#rowOfSlot[slot] ?? -1];
      if (row === undefined || row.blockedNs === this.#blocked.blockedNs(slot))
        continue;
      this.#rest(slot, nothing);
    }
  }

  /** When more, or less, became known of the waits, idle rows say so. */
  #refreshUnknown(nothing: IoDelta): void {
    const waitsKnownSinceNs = this.#readings.waits.knownSinceNs;
    const isSame =
      waitsKnownSinceNs === this.#waitsKnownSinceNs &&
      nothing.ioWaitNs === this.#toldNothing?.ioWaitNs;
    this.#waitsKnownSinceNs = waitsKnownSinceNs;
    this.#toldNothing = nothing;
    if (isSame) return;
    const active = new Set(this.#active);
    for (const slot of this.#slotOfRow)
      if (!active.has(slot)) this.#rest(slot, nothing);
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
