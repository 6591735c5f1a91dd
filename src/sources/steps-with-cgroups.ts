/** Adds what the kernel counts for cgroups to the samples, always, or while somebody looks at it. */
import type { Clock } from "../kernel/clock.ts";
import type { CgroupControl } from "../model/controls.ts";
import { withCgroups } from "../model/create-sample.ts";
import type { Sample } from "../model/sample.ts";
import type { CgroupDisks } from "../sampler/cgroup-disks.ts";
import { Demand } from "./demand.ts";
import type { Steps } from "./pacing.ts";

export class StepsWithCgroups implements Steps, CgroupControl {
  readonly #steps: Steps;
  readonly #isAlways: boolean;
  readonly #demand: Demand;
  /** A new one for each time that they are wanted. */
  readonly #open: () => CgroupDisks;
  #disks: CgroupDisks | null = null;

  /** @param isAlways they are wanted from beginning to end */
  constructor(
    steps: Steps,
    clock: Clock,
    open: () => CgroupDisks,
    isAlways: boolean,
  ) {
    this.#steps = steps;
    this.#open = open;
    this.#isAlways = isAlways;
    this.#demand = new Demand(clock);
  }

  want(): string | null {
    this.#demand.ask();
    return this.#disks?.problem ?? null;
  }

  watch(): Generator<void, void, void> {
    return this.#steps.watch();
  }

  countFromNow(): Generator<void, void, void> {
    return this.#steps.countFromNow();
  }

  *sample(): Generator<void, Sample, void> {
    const sample = yield* this.#steps.sample();
    const isWanted = this.#isAlways || this.#demand.isOn;
    this.#demand.markSampled();
    if (!isWanted) this.#disks = null;
    else this.#disks ??= this.#open();
    const cgroups = this.#disks?.take(sample) ?? null;
    return cgroups === null ? sample : withCgroups(sample, cgroups);
  }

  drainExits(): number {
    return this.#steps.drainExits();
  }
}
