import { expect, test } from "bun:test";
import { StartTimes, type Birth } from "../../src/sampler/start-times.ts";

const open = () =>
  new StartTimes({ monotonicNs: () => 5e9, wallMs: () => 1_700_000_000_000 });

/** A second ago. */
const birth = (fields: Partial<Birth> = {}): Birth => ({
  tid: 10,
  pid: 10,
  process: 1,
  startNs: 4e9,
  readNs: 5e9,
  beforeMs: undefined,
  ...fields,
});

test("a start is told in Unix time, whole ms", () => {
  expect(open().next(birth({ startNs: 4e9 + 300 }))).toBe(1_699_999_999_000);
});

test("lives of one tid in one millisecond are apart, in the order in which they are told", () => {
  const starts = open();
  const told = [1, 2, 3].map((process) => starts.next(birth({ process })));
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(new Set(told).size).toBe(3);
  expect(told.map(Math.floor)).toEqual(told.map(() => 1_699_999_999_000));
});

test("a life begins later than the one before it, though less is known of its start", () => {
  const beforeMs = 1_699_999_999_500;
  expect(open().next(birth({ beforeMs }))).toBeGreaterThan(beforeMs);
});

test("no thread is older than its main one, whichever is told first", () => {
  const later = { startNs: 4.5e9 };
  const thread = { tid: 11 };
  const first = open();
  const mainFirst = first.next(birth(later));
  expect(first.next(birth(thread))).toBeGreaterThanOrEqual(mainFirst);
  const second = open();
  const threadFirst = second.next(birth(thread));
  expect(second.next(birth(later))).toBeLessThanOrEqual(threadFirst);
});

test.each<[string, Partial<Birth>]>([
  ["all that the process before it had", { tid: 11, startNs: 4.5e9 }],
  ["a thread of another process that had it for a tid", { pid: 1, process: 0 }],
])("who uses a pid again began after %s", (_, between) => {
  const starts = open();
  starts.next(birth());
  const last = starts.next(birth(between));
  // A thread that is told before its main one.
  const thread = starts.next(birth({ tid: 12, process: 2 }));
  const main = starts.next(birth({ process: 2 }));
  expect(main).toBeGreaterThan(last);
  expect(thread).toBeGreaterThanOrEqual(main);
});

test("other tids do not matter, nor does what a sample before the last one has shown", () => {
  const starts = open();
  const first = starts.next(birth());
  expect(starts.next(birth({ tid: 11, pid: 11 }))).toBe(first);
  starts.forget();
  starts.forget();
  expect(starts.next(birth({ process: 2 }))).toBe(first);
});

test("the clocks are looked at once for all that was read at once, and again after that", () => {
  let wallMs = 1_700_000_000_000;
  const starts = new StartTimes({
    monotonicNs: () => 5e9,
    wallMs: () => wallMs,
  });
  const told = [birth({ tid: 11 }), birth({ tid: 12 })].map((each) => {
    const startMs = starts.next(each);
    wallMs += 3_600_000;
    return startMs;
  });
  expect(told[1]).toBe(told[0]!);
  const later = starts.next(birth({ tid: 13, readNs: 5e9 + 1 }));
  expect(later - told[0]!).toBe(7_200_000);
});

test("a life that only the next sample sees began after what this one has shown of its tid and its pid", () => {
  const starts = open();
  const main = starts.next(birth());
  starts.forget();
  const thread = starts.next(birth({ tid: 11, process: 2 }));
  expect(thread).toBeGreaterThan(main);
  expect(starts.next(birth({ process: 2 }))).toBeGreaterThan(main);
});

test("a thread of a process that the last sample has shown may be as old as that", () => {
  const starts = open();
  const main = starts.next(birth());
  starts.forget();
  expect(starts.next(birth({ tid: 11 }))).toBe(main);
});
