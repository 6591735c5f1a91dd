import { expect, test } from "bun:test";
import { DIRTY, ENDED } from "../../src/sampler/life-state.ts";
import { LifeTable } from "../../src/sampler/life-table.ts";

test("the newest life of a tid is found, and an unknown tid is not", () => {
  const table = new LifeTable(100);
  const first = table.add(7);
  const second = table.add(7);
  expect(table.find(7)).toBe(second);
  expect(second).not.toBe(first);
  expect(table.find(8)).toBe(-1);
  expect(table.find(1_000_000)).toBe(-1);
});

test("removing an older life leaves the newer one its name", () => {
  const table = new LifeTable(100);
  const first = table.add(7);
  const second = table.add(7);
  table.remove(first);
  expect(table.find(7)).toBe(second);
  table.remove(second);
  expect(table.find(7)).toBe(-1);
  expect(table.liveCount).toBe(0);
});

test("slots are used again, without what the last life left in them", () => {
  const table = new LifeTable(100);
  const slot = table.add(7);
  table.set(slot, ENDED);
  table.exitCode[slot] = 9;
  table.cpuCount[slot] = 5;
  table.remove(slot);
  const again = table.add(8);
  expect(again).toBe(slot);
  expect(table.has(again, ENDED)).toBe(false);
  expect(table.exitCode[again]).toBeNaN();
  expect(table.cpuCount[again]).toBeNaN();
});

test("the list of lives is dense whatever is removed", () => {
  const table = new LifeTable(1000);
  const slots = Array.from({ length: 10 }, (_, i) => table.add(i + 1));
  for (const slot of [slots[0]!, slots[9]!, slots[4]!]) table.remove(slot);
  const live = [...table.slots.subarray(0, table.liveCount)]
    .map((slot) => table.tid[slot]!)
    .sort((a, b) => a - b);
  expect(live).toEqual([2, 3, 4, 6, 7, 8, 9]);
});

test("growing keeps every column", () => {
  const table = new LifeTable(10);
  const { capacity } = table;
  const slot = table.add(3);
  table.startLowNs[slot] = 1.5;
  const counters = new Float64Array(9).fill(42);
  table.counters.begin(slot, counters);
  table.comm[slot * 4 + 3] = 99;
  table.set(slot, ENDED);
  for (let i = 0; i < capacity; i++) table.add(100 + i);
  expect(table.capacity).toBeGreaterThan(capacity);
  expect(table.liveCount).toBe(capacity + 1);
  expect(table.find(3)).toBe(slot);
  expect(table.startLowNs[slot]).toBe(1.5);
  expect(table.counters.current(slot, 2)).toBe(42);
  expect(table.counters.hasUnreported(slot)).toBe(true);
  expect(table.comm[slot * 4 + 3]).toBe(99);
  expect(table.has(slot, ENDED)).toBe(true);
  expect(table.find(100 + capacity - 1)).toBeGreaterThanOrEqual(0);
});

test("a task that goes on under another tid is found under that one only", () => {
  const table = new LifeTable(100);
  const main = table.add(7);
  const other = table.add(8);
  table.rename(other, 7);
  expect(table.find(7)).toBe(other);
  expect(table.find(8)).toBe(-1);
  table.remove(main);
  expect(table.find(7)).toBe(other);
});

test("a slot is listed as dirty once", () => {
  const table = new LifeTable(100);
  const slot = table.add(7);
  table.touch(slot);
  table.touch(slot);
  expect(table.dirty).toEqual([slot]);
  expect(table.has(slot, DIRTY)).toBe(true);
});
