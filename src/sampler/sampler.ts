/** Scans and turns them into samples: the one place where the parts of the sampler meet. */
import { createSample } from "../model/create-sample.ts";
import { addInto, unknownDelta } from "../model/delta.ts";
import type { Sample } from "../model/sample.ts";
import { BlockedTasks } from "./blocked-tasks.ts";
import type { DeviceReader } from "./devices.ts";
import { HostReader } from "./host-reader.ts";
import { knownTotal } from "./known-total.ts";
import type { ProcfsTaskFacts } from "./task-facts-from-procfs.ts";
import {
  idleDeltaOf,
  type CounterReader,
  type SamplerParts,
} from "./reader.ts";
import { SampleBuilder, type BuiltRows } from "./sample-builder.ts";

export interface SamplerInit extends SamplerParts {
  readonly reader: CounterReader;
  readonly details: ProcfsTaskFacts;
  /** Waits have been counted since the machine started. */
  readonly delaysSinceBoot: boolean;
  /** Closed with the sampler. */
  readonly devices?: DeviceReader;
}

export class Sampler implements Disposable {
  readonly #parts: SamplerInit;
  readonly #host: HostReader;
  readonly #blocked: BlockedTasks;
  readonly #builder: SampleBuilder;
  readonly #hostname: string;
  readonly #bootId: string | null;
  #seq = 0;
  readonly #since = unknownDelta();
  #sampledNs = 0;
  #scanNs = 0;
  #delayAccounting: boolean | null = false;

  constructor(parts: SamplerInit) {
    const { procfs, lives, devices = null } = parts;
    this.#parts = parts;
    this.#host = new HostReader(procfs, devices);
    this.#blocked = new BlockedTasks(lives, procfs);
    this.#builder = new SampleBuilder(lives, this.#blocked);
    this.#hostname = procfs.readHostname();
    this.#bootId = procfs.readBootId();
    if (parts.delaysSinceBoot) lives.delays.countedSinceNs = -Infinity;
  }

  /** Takes the exit messages that are waiting; returns how many there were. */
  drainExits(): number {
    return this.#parts.reader.drainExits();
  }

  /** The first scan: what is there now is where counting begins. To be run to its end. */
  *watch(): Generator<void, void, void> {
    yield* this.#scan();
  }

  /**
   * One more scan, after which counting begins anew. In the first one everything is new, so it takes long, and tasks are
   * read at moments far apart: rows would have other times than all of them together, and would not add up. This one is
   * as short as those to come. To be run to its end, right after `watch`.
   */
  *countFromNow(): Generator<void, void, void> {
    yield* this.#scan();
    const { reader, lives, tracker } = this.#parts;
    for (const slot of lives.table.dirty) lives.table.counters.rebaseline(slot);
    this.#report(0);
    reader.takeLostExits();
    tracker.takeVanished();
  }

  /** One more scan, and the sample that it makes, in this order. To be run to its end. */
  *sample(): Generator<void, Sample, void> {
    const beganNs = this.#sampledNs;
    // Every task is read, and each record is given to its life.
    yield* this.#scan();
    const intervalNs = this.#sampledNs - beganNs;
    const { reader, lives } = this.#parts;
    // What ended threads did up to the sample before: what they did since is in rows of their own.
    const before = lives.processes.endedThreads();
    const rows = this.#report(intervalNs);
    const endedThreads = lives.processes.withUnseenThreads(before);
    const total = knownTotal(rows.total, reader);
    addInto(this.#since, total);
    return this.#make({ ...rows, total }, endedThreads, intervalNs);
  }

  /** Rows are made, and marked as reported; what they end leaves the table. */
  #report(intervalNs: number): BuiltRows {
    const { reader, lives } = this.#parts;
    const countsDelays = this.#delayAccounting === true;
    const idleDelta = idleDeltaOf(reader.name, countsDelays);
    const rows = this.#builder.build(intervalNs, idleDelta);
    lives.markReported();
    lives.release();
    return rows;
  }

  #make(
    { threads, total, liveCount }: BuiltRows,
    endedThreads: Sample["endedThreads"],
    intervalNs: number,
  ): Sample {
    const { reader, tracker } = this.#parts;
    const { timeMs, uptimeS, block } = this.#host.delta(intervalNs);
    return createSample({
      seq: ++this.#seq,
      timeMs,
      uptimeS,
      intervalNs,
      origin: {
        hostname: this.#hostname,
        bootId: this.#bootId,
        accounting: reader.name,
        delayAccounting: this.#delayAccounting,
      },
      host: { ...total, since: { ...this.#since }, tasks: liveCount, ...block },
      threads,
      endedThreads,
      health: {
        denied: this.#countDenied(liveCount),
        vanished: tracker.takeVanished(),
        lostExits: reader.takeLostExits(),
        exitEvents: reader.exitEvents,
        scanNs: this.#scanNs,
      },
    });
  }

  /** Tasks that may not be read, and those that are not even shown: all that the machine has but for those we know. */
  #countDenied(liveCount: number): number | null {
    const { reader, procfs } = this.#parts;
    const { denied, hidesTasks } = reader;
    if (!hidesTasks) return denied;
    const total = procfs.readTaskTotal();
    return total === null ? null : denied + Math.max(1, total - liveCount);
  }

  *#scan(): Generator<void, void, void> {
    const { reader, clock, details } = this.#parts;
    details.generation++;
    const beganNs = clock.monotonicNs();
    this.#host.read(clock.wallMs());
    this.#setDelayAccounting(beganNs);
    yield* reader.scan();
    yield* this.#blocked.scan(beganNs);
    this.#sampledNs = beganNs;
    this.#scanNs = clock.monotonicNs() - beganNs;
  }

  /** Tasks that start after the switch was seen on have their waits counted. */
  #setDelayAccounting(nowNs: number): void {
    const { reader, lives } = this.#parts;
    const { delays } = lives;
    const before = this.#delayAccounting;
    this.#delayAccounting = reader.countsDelays && this.#host.delayAccounting;
    if (this.#delayAccounting && !before)
      delays.countedSinceNs = Math.min(delays.countedSinceNs, nowNs);
  }

  [Symbol.dispose](): void {
    this.#parts.reader[Symbol.dispose]();
    this.#parts.devices?.[Symbol.dispose]();
    this.#parts.procfs[Symbol.dispose]();
  }
}
