/** Which delays are known, and which counts of the kernel cannot be. */
import { describe, expect, test } from "bun:test";
import { COUNTER } from "../../src/model/counters.ts";
import { DelayAccounting } from "../../src/sampler/delay-accounting.ts";
import { DELAYS_UNSURE } from "../../src/sampler/life-state.ts";
import { LifeTable } from "../../src/sampler/life-table.ts";
import { makeRecord } from "../support/bytes/records.ts";

/** A life that began at 100 ns and has waited so long for I/O. */
function open(ioWaitNs: number) {
  const table = new LifeTable(100);
  const delays = new DelayAccounting(table);
  const slot = table.add(10);
  table.startHighNs[slot] = 100;
  table.counters.begin(slot, waited(ioWaitNs).counters);
  return { table, delays, slot };
}

const waited = (ioWaitNs: number, elapsedUs = 0) => {
  const record = makeRecord({ elapsedUs });
  record.counters[COUNTER.ioWaitNs] = ioWaitNs;
  return record;
};

describe("delays are known", () => {
  test("of a task that began after the kernel began to count", () => {
    const { delays, slot } = open(0);
    expect(delays.areKnown(slot)).toBe(false);
    delays.countedSinceNs = 50;
    expect(delays.areKnown(slot)).toBe(true);
    delays.countedSinceNs = 150;
    expect(delays.areKnown(slot)).toBe(false);
  });

  test("of a task that has any, which shows for others since when the kernel counts", () => {
    const { delays, slot } = open(7);
    expect(delays.areKnown(slot)).toBe(true);
    delays.note(slot);
    expect(delays.countedSinceNs).toBe(100);
  });
});

describe("a delay that is longer than the task is old", () => {
  test("is not counted, and makes the delays of the interval unknown", () => {
    const { delays, slot, table } = open(7);
    table.counters.markReported(slot);
    delays.refuseImpossible(slot, waited(1e15, 1e6), false);
    expect(table.has(slot, DELAYS_UNSURE)).toBe(true);
    expect(delays.areKnown(slot)).toBe(false);
    expect(table.counters.unreported(slot, true).ioWaitNs).toBe(0);
    expect(table.dirty).toEqual([slot]);
  });

  test("by no more than a tick of /proc is possible", () => {
    const { delays, slot, table } = open(0);
    delays.refuseImpossible(slot, waited(1e9 + 9e6, 1e6), false);
    expect(table.has(slot, DELAYS_UNSURE)).toBe(false);
  });

  test("in the first record of a life is nobody's", () => {
    const { delays, slot, table } = open(1e15);
    delays.refuseImpossible(slot, waited(1e15, 1e6), true);
    expect(table.counters.unreported(slot, true).ioWaitNs).toBe(0);
    expect(table.counters.sinceBaseline(slot, true).ioWaitNs).toBe(0);
  });
});
