/** Scans and turns them into samples: the one place where the parts of the sampler meet. */
import type { Clock } from "../kernel/clock.ts";
import type { Procfs } from "../kernel/procfs.ts";
import { createSample } from "../model/create-sample.ts";
import { addInto, unknownDelta } from "../model/delta.ts";
import type { Origin, Sample } from "../model/sample.ts";
import { BlockedTasks } from "./blocked-tasks.ts";
import type { DeviceReader } from "./devices.ts";
import { HostReader } from "./host-reader.ts";
import type { ProcfsIdentity } from "./identity.ts";
import { knownTotal } from "./known-total.ts";
import type { Lives } from "./lives.ts";
import type { CounterReader } from "./reader.ts";
import type { Readings } from "./readings.ts";
import { SampleBuilder } from "./sample-builder.ts";

export interface SamplerInit {
  readonly reader: CounterReader;
  readonly readings: Readings;
  readonly lives: Lives;
  readonly identity: ProcfsIdentity;
  readonly procfs: Procfs;
  readonly clock: Clock;
  /** Waits have been counted since the machine started. */
  readonly waitsSinceBoot: boolean;
  /** Closed with the sampler. */
  readonly devices?: DeviceReader;
}

export class Sampler implements Disposable {
  readonly #reader: CounterReader;
  readonly #readings: Readings;
  readonly #lives: Lives;
  readonly #identity: ProcfsIdentity;
  readonly #procfs: Procfs;
  readonly #clock: Clock;
  readonly #devices: DeviceReader | null;
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

  constructor(init: SamplerInit) {
    this.#reader = init.reader;
    this.#readings = init.readings;
    this.#lives = init.lives;
    this.#identity = init.identity;
    this.#procfs = init.procfs;
    this.#clock = init.clock;
    this.#devices = init.devices ?? null;
    this.#host = new HostReader(init.procfs, this.#devices);
    this.#blocked = new BlockedTasks(init.readings, init.procfs);
    this.#builder = new SampleBuilder(init.readings, init.lives, this.#blocked);
    this.#hostname = init.procfs.readHostname();
    this.#bootId = init.procfs.readBootId();
    if (init.waitsSinceBoot) init.readings.waits.knownSinceNs = -Infinity;
  }

  /** Takes the exit messages that are waiting; returns how many there were. */
  drainExits(): number {
    return this.#reader.drainExits();
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
    const { table } = this.#readings;
    for (const slot of table.dirty) this.#readings.rebase(slot);
    this.#builder.build(
      0,
      this.#reader.nothing(this.#delayAccounting === true),
    );
    this.#reader.lostExits = 0;
    this.#lives.vanished = 0;
  }

  /** One more scan, and the sample that it makes. To be run to its end. */
  *sample(): Generator<void, Sample, void> {
    const beganNs = this.#sampledNs;
    yield* this.#scan();
    const intervalNs = this.#sampledNs - beganNs;
    const host = this.#host.delta(intervalNs);
    const { processes } = this.#readings;
    const backgrounds = processes.backgrounds();
    const nothing = this.#reader.nothing(this.#delayAccounting === true);
    const { threads, total, liveCount } = this.#builder.build(
      intervalNs,
      nothing,
    );
    const known = knownTotal(total, this.#reader);
    addInto(this.#since, known);
    const sample = createSample({
      seq: ++this.#seq,
      timeMs: host.timeMs,
      uptimeS: host.uptimeS,
      intervalNs,
      origin: this.#origin(),
      host: {
        ...known,
        since: { ...this.#since },
        tasks: liveCount,
        ...host.block,
      },
      threads,
      endedThreads: processes.withGoingOn(backgrounds),
      health: {
        denied: this.#countDenied(liveCount),
        vanished: this.#lives.vanished,
        lostExits: this.#reader.lostExits,
        exitEvents: this.#reader.exitEvents,
        scanNs: this.#scanNs,
      },
    });
    this.#reader.lostExits = 0;
    this.#lives.vanished = 0;
    return sample;
  }

  /** Tasks that may not be read, and those that are not even shown: all that the machine has but for those we know. */
  #countDenied(liveCount: number): number | null {
    const { denied, hidesTasks } = this.#reader;
    if (!hidesTasks) return denied;
    const total = this.#procfs.readTaskTotal();
    return total === null ? null : denied + Math.max(1, total - liveCount);
  }

  *#scan(): Generator<void, void, void> {
    this.#identity.generation++;
    const beganNs = this.#clock.monotonicNs();
    this.#host.read(this.#clock.wallMs());
    this.#setDelayAccounting(beganNs);
    yield* this.#reader.scan();
    yield* this.#blocked.scan(beganNs);
    this.#sampledNs = beganNs;
    this.#scanNs = this.#clock.monotonicNs() - beganNs;
  }

  /** Tasks that start after the switch was seen on have their waits counted. */
  #setDelayAccounting(nowNs: number): void {
    const before = this.#delayAccounting;
    this.#delayAccounting =
      this.#reader.countsWaits && this.#host.delayAccounting;
    const { waits } = this.#readings;
    if (this.#delayAccounting && !before)
      waits.knownSinceNs = Math.min(waits.knownSinceNs, nowNs);
  }

  #origin(): Origin {
    return {
      hostname: this.#hostname,
      bootId: this.#bootId,
      accounting: this.#reader.name,
      delayAccounting: this.#delayAccounting,
    };
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    this.#devices?.[Symbol.dispose]();
    this.#procfs[Symbol.dispose]();
  }
}
