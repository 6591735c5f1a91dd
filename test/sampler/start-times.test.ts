import { expect, test } from "bun:test";
import { StartTimes } from "../../src/sampler/start-times.ts";

const open = () =>
  new StartTimes({ monotonicNs: () => 5e9, wallMs: () => 1_700_000_000_000 });

test("a start is told in Unix time, whole ms", () => {
  expect(open().next(10, 4e9 + 300, undefined)).toBe(1_699_999_999_000);
});

test("lives of one tid in one millisecond are apart, in the order in which they are told", () => {
  const starts = open();
  const told = [1, 2, 3].map(() => starts.next(10, 4e9, undefined));
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(new Set(told).size).toBe(3);
  expect(told.map(Math.floor)).toEqual(told.map(() => 1_699_999_999_000));
});

test("a life begins later than the one before it, though less is known of its start", () => {
  expect(open().next(10, 4e9, 1_699_999_999_500)).toBeGreaterThan(
    1_699_999_999_500,
  );
});

test("other tids do not matter, nor does what a sample has shown", () => {
  const starts = open();
  const first = starts.next(10, 4e9, undefined);
  expect(starts.next(11, 4e9, undefined)).toBe(first);
  starts.forget();
  expect(starts.next(10, 4e9, undefined)).toBe(first);
});
