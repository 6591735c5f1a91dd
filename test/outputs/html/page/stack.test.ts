import { expect, test } from "bun:test";
import {
  highest,
  ratesOf,
  stack,
} from "../../../../outputs/html/page/stack.ts";

test("rates are amounts by the time that was watched", () => {
  expect(ratesOf([10, null, 0, 7], [2e9, 1e9, 1e9, 0])).toEqual([
    5,
    null,
    0,
    0,
  ]);
  expect(ratesOf([3e9], [2e9], 1e9)).toEqual([1.5]);
});

test("each layer lies on those before it; one that is unknown has no height", () => {
  expect(
    stack([
      [1, 2, null],
      [4, null, null],
      [8, 8, 8],
    ]),
  ).toEqual([
    [1, 2, null],
    [5, null, null],
    [13, 10, 8],
  ]);
});

test("the highest is that of the bins in sight", () => {
  const columns = [
    [1, 50, 2, null],
    [3, null, 9, 70],
  ];
  expect(highest(columns, { from: 0, to: 4 })).toBe(70);
  expect(highest(columns, { from: 2, to: 3 })).toBe(9);
  expect(highest([[null]], { from: 0, to: 1 })).toBe(0);
});
