import { expect, test } from "bun:test";
import { addDeltas, sumDeltas } from "../../../src/model/delta.ts";
import { limitEnded } from "../../../src/model/merge/limit-ended.ts";
import { mergeSamples } from "../../../src/model/merge/merge.ts";
import { makeSample, past, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };

test("a sample with few ended tasks is the same object", () => {
  const sample = makeSample({ threads: [row({ tid: 1, exit })] });
  expect(limitEnded(sample)).toBe(sample);
});

test("however long samples are merged, rows stay few and no byte is lost", () => {
  const threads = (seq: number) => [
    row({ tid: 1, writeBytes: 100 }),
    ...Array.from({ length: 20 }, (_, at) =>
      row({ tid: 1000 + seq * 20 + at, exit, writeBytes: at * 4096 }),
    ),
  ];
  let merged = makeSample({ seq: 1, threads: threads(1) });
  let most = 0;
  for (let seq = 2; seq <= 50; seq++) {
    const next = makeSample({ seq, threads: threads(seq) });
    merged = limitEnded(mergeSamples(merged, next), 100, 50);
    most = Math.max(most, merged.threads.length);
  }
  expect(most).toBeLessThanOrEqual(101);
  const { writeBytes } = addDeltas(
    sumDeltas(merged.threads),
    merged.unlisted.io,
  );
  expect(writeBytes).toBe(merged.host.writeBytes);
  expect(writeBytes).toBe(50 * (100 + 190 * 4096));
  // Living tasks keep their rows, and so do the biggest of the ended ones.
  expect(merged.threads[0]!.writeBytes).toBe(5000);
  const ended = merged.threads.filter((each) => each.exit !== null);
  expect(ended.some((each) => each.writeBytes === 19 * 4096)).toBe(true);
  expect(merged.unlisted.tasks).toBe(0);
});

test("processes without a row keep nothing in the background", () => {
  const sample = makeSample({
    threads: [
      row({ tid: 5, writeBytes: 9, exit }),
      row({ tid: 6, writeBytes: 1, exit }),
    ],
    endedThreads: new Map([
      ...past(5, { writeBytes: 1 }),
      ...past(6, { writeBytes: 1 }),
    ]),
  });
  const limited = limitEnded(sample, 1, 1);
  expect(limited.threads.map(({ task }) => task.tid)).toEqual([5]);
  expect([...limited.endedThreads.keys()]).toEqual([
    limited.threads[0]!.task.processKey,
  ]);
  expect(limited.unlisted.io.writeBytes).toBe(1);
});
