import { describe, expect, test } from "bun:test";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Sample } from "../../src/model/sample.ts";
import { paceSamples, type Steps } from "../../src/sources/pacing.ts";
import type { Pace } from "../../src/sources/source.ts";
import { makeSample } from "../support/samples.ts";

/** A sampler whose scans take a given time. */
function scansOf(scanMs = 0): Steps & { drained: number } {
  let seq = 0;
  return {
    drained: 0,
    *watch() {},
    *sample(): Generator<void, Sample, void> {
      Bun.sleepSync(scanMs);
      return makeSample({ seq: ++seq });
    },
    drainExits() {
      return ++this.drained;
    },
  };
}

/** When each sample came, ms after the beginning. */
async function times(
  pace: Pace,
  steps: Steps,
  signal = new AbortController().signal,
): Promise<number[]> {
  const beganMs = performance.now();
  const seen: number[] = [];
  for await (const _ of paceSamples(steps, pace, systemClock, signal))
    seen.push(performance.now() - beganMs);
  return seen;
}

describe("a run ends", () => {
  test("after its count, every sample on time", async () => {
    const seen = await times({ intervalMs: 50, count: 3 }, scansOf(20));
    expect(seen).toHaveLength(3);
    for (const [n, atMs] of seen.entries())
      expect(atMs).toBeWithin((n + 1) * 50 + 15, (n + 1) * 50 + 60);
  });

  test("after its duration, the last interval cut short", async () => {
    const pace = { intervalMs: 60, count: null, durationMs: 150 };
    const seen = await times(pace, scansOf());
    expect(seen).toHaveLength(3);
    expect(seen[1]).toBeWithin(119, 149);
    expect(seen[2]).toBeWithin(149, 190);
  });

  test("after its duration, however long a scan takes", async () => {
    const pace = { intervalMs: 20, count: null, durationMs: 100 };
    const seen = await times(pace, scansOf(45));
    expect(seen.at(-1)).toBeWithin(144, 200);
    expect(seen.length).toBeLessThan(4);
  });

  test("after a duration shorter than the interval", async () => {
    const pace = { intervalMs: 60_000, count: null, durationMs: 50 };
    const seen = await times(pace, scansOf());
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeWithin(49, 100);
  });

  test("when told, with one more sample", async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 40);
    const pace = { intervalMs: 60_000, count: null };
    const seen = await times(pace, scansOf(), ending.signal);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeLessThan(100);
  });
});

test("what ends is taken in while a long interval lasts", async () => {
  const steps = scansOf();
  await times({ intervalMs: 900, count: 1 }, steps);
  expect(steps.drained).toBeWithin(2, 5);
});
