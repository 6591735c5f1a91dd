import { expect, test } from "bun:test";
import { GcAfterExits } from "../../src/sources/gc-after-exits.ts";

/** After which of these samples, by the number of tasks that ended in each, memory is given back. */
function collectionsOf(ends: readonly number[]): number[] {
  const collected: number[] = [];
  let i = 0;
  const gcAfterExits = new GcAfterExits(() => collected.push(i));
  for (; i < ends.length; i++) gcAfterExits.pass(ends[i]!);
  return collected;
}

test("nothing is given back where few end", () => {
  expect(collectionsOf(Array.from({ length: 9 }, () => 99))).toEqual([]);
});

test("once in a while as long as a storm goes on, and when it is over", () => {
  expect(collectionsOf([6000, 6000, 6000, 6000, 1500, 0, 0])).toEqual([
    1, 3, 5,
  ]);
});

test("what many samples leave adds up", () => {
  expect(collectionsOf([500, 500, 0, 500, 0])).toEqual([2]);
});
