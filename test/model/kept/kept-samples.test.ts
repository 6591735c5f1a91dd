import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { isIdle } from "../../../src/model/delta.ts";
import { KeptSamples } from "../../../src/model/kept/kept-samples.ts";
import type { Sample } from "../../../src/model/sample.ts";
import {
  SAMPLE_TIME_MS,
  makeSample,
  makeTask,
  row,
} from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const sampleAt = (seq: number, threads: Sample["threads"]): Sample =>
  makeSample({ seq, timeMs: SAMPLE_TIME_MS + 1000 * seq, threads });

function keep(samples: readonly Sample[]): KeptSamples<number> {
  const kept = new KeptSamples<number>();
  for (const sample of samples) kept.add(sample, sample.seq);
  return kept;
}

describe("a sample of before", () => {
  test("has the rows, the totals and the time that it had", () => {
    fc.assert(
      fc.property(simulatedRun(8), (run) => {
        const kept = keep(run);
        for (let back = 1; back < run.length; back++) {
          const was = run.at(-1 - back)!;
          const now = kept.sample(back);
          // In any order.
          const active = ({ threads }: Sample) =>
            Map.groupBy(
              threads.filter((each) => !isIdle(each)),
              ({ task }) => task.key,
            );
          expect(active(now)).toEqual(active(was));
          expect(now.host).toBe(was.host);
          expect([now.seq, now.timeMs]).toEqual([was.seq, was.timeMs]);
          expect(kept.timeMs(back)).toBe(was.timeMs);
          expect(kept.beside(back)).toBe(was.seq);
        }
      }),
    );
  });

  test("lists idle tasks too, with the sums that they had then", () => {
    const task = makeTask({ tid: 5 });
    const late = makeTask({ tid: 6, startMs: SAMPLE_TIME_MS + 2500 });
    const idle = row({ tid: 7 });
    const run = [
      sampleAt(1, [row({ tid: 5, task, since: { readBytes: 10 } }), idle]),
      sampleAt(2, [row({ tid: 5, task, since: { readBytes: 10 } }), idle]),
      sampleAt(3, [
        row({
          tid: 5,
          task,
          readBytes: 4,
          since: { readBytes: 14 },
          lifetime: { readBytes: 100, writeBytes: 0, cancelledBytes: 0 },
        }),
        row({ tid: 6, task: late, born: true, writeBytes: 9 }),
        idle,
      ]),
      sampleAt(4, [
        row({ tid: 5, task, since: { readBytes: 14 } }),
        row({ tid: 6, task: late }),
        idle,
      ]),
    ];
    const kept = keep(run);
    const { threads } = kept.sample(2);
    expect(threads.map(({ task: { tid } }) => tid).sort()).toEqual([5, 7]);
    expect(threads.find((each) => each.task === task)).toMatchObject({
      readBytes: 0,
      since: { readBytes: 10 },
      lifetime: { readBytes: 96 },
    });
    expect(threads).toContain(idle);
    expect(kept.sample(0)).toBe(run[3]!);
    expect(kept.activeSample(2).threads).toEqual([]);
  });

  test("has no row of a task that did something later, and was not yet there", () => {
    const kept = keep([
      sampleAt(1, []),
      sampleAt(2, [row({ tid: 5, born: true, readBytes: 1 })]),
      sampleAt(3, [row({ tid: 6, startMs: SAMPLE_TIME_MS + 2500 })]),
    ]);
    expect(kept.sample(2).threads).toEqual([]);
  });
});

describe("the limits", () => {
  test("300 samples are kept, the oldest go", () => {
    const kept = keep(
      Array.from({ length: 310 }, (_, i) => sampleAt(i + 1, [])),
    );
    expect(kept.count).toBe(300);
    expect(kept.beside(299)).toBe(11);
  });

  test("or as many as fit, one at least; what is kept beside counts", () => {
    const kept = new KeptSamples<null>({ samples: 300, bytes: 100_000 });
    for (let seq = 1; seq <= 50; seq++)
      kept.add(sampleAt(seq, []), null, 10_000);
    expect(kept.count).toBeGreaterThan(5);
    expect(kept.count).toBeLessThan(10);
    expect(kept.bytes).toBeLessThanOrEqual(100_000);
    kept.add(sampleAt(51, []), null, 200_000);
    expect(kept.count).toBe(1);
  });

  test("of a herd that is busy all at once, those that moved most are kept", () => {
    const herd = Array.from({ length: 5000 }, (_, i) =>
      row({ tid: 1 + i, readBytes: 1 + ((i * 7919) % 5000) }),
    );
    const kept = keep([sampleAt(1, herd), sampleAt(2, [])]);
    const { threads } = kept.activeSample(1);
    expect(threads).toHaveLength(2000);
    const least = Math.min(...threads.map(({ readBytes }) => readBytes!));
    expect(least).toBe(3001);
  });
});
