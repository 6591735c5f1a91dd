import { describe, expect, test } from "bun:test";
import type { Sample } from "../../src/model/sample.ts";
import { paceSamples, type Steps } from "../../src/sources/pacing.ts";
import { AdjustablePace } from "../../src/sources/adjustable-pace.ts";
import type { Pace } from "../../src/sources/source.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { makeSample } from "../support/samples.ts";

/** A sampler whose scans take a given time each, the last one over and over. */
class Scans implements Steps {
  /** When what had ended was taken in, ms after the beginning. */
  readonly drainedMs: number[] = [];
  /** How much comes in between two drains. */
  exits = 0;
  readonly clock = new FakeClock();
  /** How long the first scan takes. */
  watchMs = 0;
  readonly #scansMs: readonly number[];
  #seq = 0;

  constructor(...scansMs: readonly number[]) {
    this.#scansMs = scansMs;
  }

  *watch() {
    this.clock.spend(this.watchMs);
  }

  *countFromNow() {}

  *sample(): Generator<void, Sample, void> {
    this.clock.spend(this.#scansMs[this.#seq] ?? this.#scansMs.at(-1) ?? 0);
    yield;
    return makeSample({ seq: ++this.#seq });
  }

  drainExits(): number {
    this.drainedMs.push(this.clock.nowMs);
    return this.exits;
  }
}

/** When each sample came, ms after the beginning. */
async function times(
  pace: Pace,
  steps: Scans,
  signal = new AbortController().signal,
): Promise<number[]> {
  const { clock } = steps;
  const seen: number[] = [];
  const run = async (): Promise<void> => {
    for await (const _ of paceSamples(steps, pace, clock, signal))
      seen.push(clock.nowMs);
  };
  await clock.passDuring(run());
  return seen;
}

describe("a run ends", () => {
  test("after its count, every sample on time", async () => {
    const pace = { intervalMs: 50, count: 3 };
    expect(await times(pace, new Scans(20))).toEqual([70, 120, 170]);
  });

  test("after its duration, the last interval cut short", async () => {
    const pace = { intervalMs: 60, count: null, durationMs: 150 };
    expect(await times(pace, new Scans())).toEqual([60, 120, 150]);
  });

  test("after its duration, however long a scan takes", async () => {
    const pace = { intervalMs: 20, count: null, durationMs: 100 };
    // What a scan makes it miss is left out: after 65 comes 80, after 125 the end at 100.
    expect(await times(pace, new Scans(45))).toEqual([65, 125, 170]);
  });

  test("after a duration shorter than the interval", async () => {
    const pace = { intervalMs: 60_000, count: null, durationMs: 50 };
    expect(await times(pace, new Scans())).toEqual([50]);
  });

  test("when told, with one more sample", async () => {
    const steps = new Scans();
    const ending = new AbortController();
    void steps.clock.sleep(40).then(() => ending.abort());
    const pace = { intervalMs: 60_000, count: null };
    expect(await times(pace, steps, ending.signal)).toEqual([40]);
  });

  test("when told while a scan goes on, with the sample of that scan and one more", async () => {
    const steps = new Scans(30, 0);
    const ending = new AbortController();
    void steps.clock.sleep(1010).then(() => ending.abort());
    const pace = { intervalMs: 1000, count: null };
    expect(await times(pace, steps, ending.signal)).toEqual([1030, 1030]);
  });
});

test("a program that was stopped for long makes up for nothing, and comes back into step", async () => {
  const pace = { intervalMs: 1000, count: 4 };
  expect(await times(pace, new Scans(0, 3_600_300, 0))).toEqual([
    1000, 3_602_300, 3_603_000, 3_604_000,
  ]);
});

describe("while a long interval lasts, but not right before the sample, what ends is taken in", () => {
  test("every 500 ms", async () => {
    const steps = new Scans();
    steps.exits = 63;
    await times({ intervalMs: 1400, count: 2 }, steps);
    expect(steps.drainedMs).toEqual([500, 1000, 1900, 2400]);
  });

  test("every 250 ms as long as it is much", async () => {
    const steps = new Scans();
    steps.exits = 64;
    const calm = steps.clock.sleep(2000).then(() => (steps.exits = 0));
    await times({ intervalMs: 1000, count: 3 }, steps);
    await calm;
    expect(steps.drainedMs).toEqual([500, 750, 1250, 1500, 1750, 2250, 2750]);
  });
});

test("no interval is shorter because the first scan takes long, nor is the run", async () => {
  const steps = new Scans();
  steps.watchMs = 70;
  expect(await times({ intervalMs: 50, count: 2 }, steps)).toEqual([120, 170]);
  const slow = new Scans();
  slow.watchMs = 70;
  const pace = { intervalMs: 50, count: null, durationMs: 80 };
  expect(await times(pace, slow)).toEqual([120, 150]);
});

describe("a short first interval", () => {
  test("is followed by those that were asked for", async () => {
    const pace = { intervalMs: 1000, count: 3, firstIntervalMs: 200 };
    expect(await times(pace, new Scans())).toEqual([200, 1200, 2200]);
  });

  test("is never longer than those", async () => {
    const pace = { intervalMs: 50, count: 3, firstIntervalMs: 200 };
    expect(await times(pace, new Scans())).toEqual([50, 100, 150]);
  });
});

describe("while samples are taken", () => {
  /** When samples come, if each of these is done so long after the beginning. */
  const timesWith = async (
    intervalMs: number,
    changes: readonly (readonly [
      atMs: number,
      change: (control: AdjustablePace) => void,
    ])[],
    count = 4,
    steps = new Scans(),
    more: Partial<Pace> = {},
  ) => {
    const control = new AdjustablePace(intervalMs);
    for (const [atMs, change] of changes)
      void steps.clock.sleep(atMs).then(() => change(control));
    return await times({ intervalMs, count, control, ...more }, steps);
  };
  const to = (ms: number) => (control: AdjustablePace) =>
    control.setIntervalMs(ms);
  const now = (control: AdjustablePace) => control.sampleNow();

  test("a longer interval begins with the one that lasts", async () => {
    expect(await timesWith(1000, [[1700, to(5000)]])).toEqual([
      1000, 6000, 11_000, 16_000,
    ]);
  });

  test("a shorter one that is over by now ends it", async () => {
    expect(await timesWith(60_000, [[4700, to(1000)]])).toEqual([
      4700, 5700, 6700, 7700,
    ]);
    expect(await timesWith(60_000, [[4700, to(5000)]])).toEqual([
      5000, 10_000, 15_000, 20_000,
    ]);
  });

  test("a sample can be had now, and the next one an interval later", async () => {
    expect(await timesWith(60_000, [[2500, now]], 3)).toEqual([
      2500, 62_500, 122_500,
    ]);
  });

  test("a key that repeats itself takes ten a second at most", async () => {
    const presses = [310, 340, 370, 400, 430].map((ms) => [ms, now] as const);
    expect(await timesWith(10_000, presses, 3)).toEqual([310, 410, 510]);
    expect(await timesWith(50, [[60, now]], 3)).toEqual([50, 100, 150]);
  });

  test("what is asked for during a sample gets that sample", async () => {
    const control = new AdjustablePace(1000);
    const steps = new Scans();
    const { sample } = steps;
    steps.sample = function* () {
      control.sampleNow();
      return yield* sample.call(steps);
    };
    const pace = { intervalMs: 1000, count: 2, control };
    expect(await times(pace, steps)).toEqual([1000, 2000]);
  });

  test("the run still ends when it was to end", async () => {
    const more = { durationMs: 3000 };
    const change = [[2500, to(60_000)]] as const;
    expect(await timesWith(2000, change, 9, new Scans(), more)).toEqual([
      2000, 3000,
    ]);
  });
});
