import { expect, test } from "bun:test";
import { mergeSamples } from "../../../src/model/merge/merge.ts";
import { shownTotals, totalsOf } from "../../../src/model/sums/totals.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { makeSample, past, row } from "../../support/samples.ts";

const ended = { code: 0, signal: 0 };
const sample = makeSample({
  intervalNs: 2e9,
  threads: [
    row({ tid: 10, uid: 1, readBytes: 4096, since: { readBytes: 8192 } }),
    row({ tid: 11, pid: 10, uid: 1, writeBytes: 2048, cancelledBytes: 1024 }),
    row({ tid: 20, readBytes: 1024, exit: ended }),
  ],
  host: { diskReadBytes: 6144, diskWriteBytes: null },
  endedThreads: past(10, { readBytes: 512 }),
});

test("of all tasks, ended ones too: the sums of their own rates", () => {
  expect(totalsOf(sample)).toEqual({
    readRate: 4096 + 1024,
    writeRate: 2048,
    isLowerBound: false,
    diskReadRate: 3072,
    diskWriteRate: null,
  });
});

test("what a recording does not list moved in the whole interval", () => {
  const { host, threads } = sample;
  const shorter = makeSample({
    intervalNs: 2e9,
    threads: threads.slice(0, 1),
    host,
  });
  expect(totalsOf(shorter)).toMatchObject({
    readRate: 4096 + 1024 / 2,
    writeRate: 2048 / 2,
  });
});

test("of a merged sample are the rates in both", () => {
  const half = (tid: number) =>
    makeSample({
      intervalNs: 1e9,
      threads: [row({ tid, readBytes: 1000, elapsedNs: 0.5e9 })],
    });
  expect(totalsOf(mergeSamples(half(1), half(1))).readRate).toBe(2000);
  expect(totalsOf(mergeSamples(half(1), half(2))).readRate).toBeCloseTo(
    2 * (1000 / 1.5),
  );
});

test("what no task could tell stays unknown", () => {
  const unread = makeSample({ threads: [row({ tid: 1, readBytes: null })] });
  const totals = totalsOf(unread);
  expect(totals.readRate).toBeNull();
  expect(totals.writeRate).toBe(0);
});

test.each([
  [3, true],
  [null, true],
  [0, false],
])(
  "where %p tasks could not be read, a lower bound: %p",
  (denied, isLowerBound) => {
    expect(totalsOf(makeSample({ health: { denied } }))).toMatchObject({
      isLowerBound,
    });
  },
);

test.each([
  [{}, { read: 5120, write: 2048, areRates: true }],
  [{ accumulated: true }, { read: 9728, write: 2048, areRates: false }],
  [{ mean: true }, { read: 2432, write: 512, areRates: true }],
  [
    { accumulated: true, lifetime: true },
    { read: 5120, write: 2048, areRates: true },
  ],
])("are shown as the rows are: %j", (view, shown) => {
  const watchedNs = 4e9;
  expect(shownTotals(sample, { ...DEFAULT_VIEW, ...view }, watchedNs)).toEqual(
    shown,
  );
});

test("are unknown as means, too", () => {
  const unknown = makeSample({
    threads: [row({ tid: 1, readBytes: null, writeBytes: null })],
  });
  expect(shownTotals(unknown, { ...DEFAULT_VIEW, mean: true }, 1e9)).toEqual({
    ...{ read: null, write: null, areRates: true },
  });
});
