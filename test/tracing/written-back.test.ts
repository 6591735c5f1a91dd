import { expect, test } from "bun:test";
import fc from "fast-check";
import { WrittenBack } from "../../src/tracing/written-back.ts";

const S = 1e9;

test("what is written is of who dirtied it, in proportion", () => {
  const debts = new WrittenBack<string>();
  debts.dirtied("f", "a", 3000, 0);
  debts.dirtied("f", "b", 1000, 0);
  debts.dirtied("g", "b", 500, 0);
  expect(debts.written("f", 2000, S)).toEqual([
    ["a", 1500],
    ["b", 500],
  ]);
  expect(debts.written("f", 2000, S)).toEqual([
    ["a", 1500],
    ["b", 500],
  ]);
  expect(debts.written("g", 500, S)).toEqual([["b", 500]]);
});

test("more than was dirtied while we looked is of nobody", () => {
  const debts = new WrittenBack<string>();
  debts.dirtied("f", "a", 4096, 0);
  expect(debts.written("f", 10_000, S)).toEqual([
    ["a", 4096],
    [null, 5904],
  ]);
  expect(debts.written("f", 1, S)).toEqual([[null, 1]]);
});

test("what was truncated is not held against later writers for ever", () => {
  const debts = new WrittenBack<string>();
  debts.dirtied("f", "a", 1e9, 0);
  debts.dirtied("f", "b", 4096, 61 * S);
  expect(debts.written("f", 4096, 61 * S)).toEqual([["b", 4096]]);
});

test("what a slow disk takes minutes for is of who dirtied it, but not for ever", () => {
  const debts = new WrittenBack<string>();
  debts.dirtied("f", "a", 1e9, 0);
  for (let nowS = 30; nowS <= 300; nowS += 30)
    expect(debts.written("f", 1e6, nowS * S)).toEqual([["a", 1e6]]);
  expect(debts.written("f", 1e6, 330 * S)).toEqual([[null, 1e6]]);
});

test("of a file that thousands rewrite before it is written, the last are remembered", () => {
  const debts = new WrittenBack<number>();
  for (let owner = 0; owner < 3000; owner++) debts.dirtied("f", owner, 4096, S);
  const shares = debts.written("f", 4096 * 3000, S);
  expect(shares.length).toBeLessThan(600);
  expect(shares.at(-2)).toEqual([2999, 4096]);
  expect(shares.at(-1)![0]).toBeNull();
});

test("shares add up to what was written, and nobody is given more than it dirtied", () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1e12 }), { maxLength: 9 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 1e13 }), (dirty, bytes) => {
      const debts = new WrittenBack<number>();
      dirty.forEach((each, owner) => debts.dirtied("f", owner, each, 0));
      const shares = debts.written("f", bytes, 0);
      const sum = shares.reduce((all, [, share]) => all + share, 0);
      expect(sum).toBe(bytes);
      for (const [owner, share] of shares)
        if (owner !== null) expect(share).toBeWithin(1, dirty[owner]! + 1);
    }),
  );
});
