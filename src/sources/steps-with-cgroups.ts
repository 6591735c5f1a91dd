/** Adds what the kernel counts for cgroups to the samples, always, or while somebody looks at it. */
import type { Clock } from "../kernel/clock.ts";
import type { CgroupControl } from "../model/controls.ts";
import { withCgroups } from "../model/create-sample.ts";
import type { Sample } from "../model/sample.ts";
import type { CgroupDisks } from "../sampler/cgroup-disks.ts";
import type { Steps } from "./pacing.ts";

/** Whoever looks, looks away and looks again has no gap. */
const KEEP_NS = 10e9;

export class StepsWithCgroups implements Steps, CgroupControl {
  readonly #steps: Steps;
  readonly #clock: Clock;
  /** A new one for each time that they are wanted. */
  readonly #open: () => CgroupDisks;
  #disks: CgroupDisks | null = null;
  #wantedNs: number;
  /** Since the last sample: intervals may be longer than they are kept. */
  #isAsked = false;

  /** @param isAlways they are wanted from beginning to end */
  constructor(
    steps: Steps,
    clock: Clock,
    open: () => CgroupDisks,
    isAlways: boolean,
  ) {
    this.#steps = steps;
    this.#clock = clock;
    this.#open = open;
    this.#wantedNs = isAlways ? Infinity : -Infinity;
  }

  want(): string | null {
    this.#wantedNs = Math.max(this.#wantedNs, this.#clock.monotonicNs());
    this.#isAsked = true;
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
    const agoNs = this.#clock.monotonicNs() - this.#wantedNs;
    const isWanted = this.#isAsked || agoNs < KEEP_NS;
    this.#isAsked = false;
    if (!isWanted) this.#disks = null;
    else this.#disks ??= this.#open();
    const cgroups = this.#disks?.take(sample) ?? null;
    return cgroups === null ? sample : withCgroups(sample, cgroups);
  }

  drainExits(): number {
    return this.#steps.drainExits();
  }
}
