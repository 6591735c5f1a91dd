/** The arithmetic by which every byte counts once: current, reported and baseline of each life. */
import { describe, expect, test } from "bun:test";
import { COUNTER } from "../../src/model/counters.ts";
import { CounterTable } from "../../src/sampler/counter-table.ts";

const SLOT = 3;
/** All counters of a task that read and wrote so much; what it waited for is unknown unless given. */
const counters = (bytes: number, ioWaitNs = NaN): Float64Array => {
  const values = new Float64Array(9).fill(bytes);
  values[COUNTER.ioWaitNs] = ioWaitNs;
  return values;
};

function begun(bytes: number, ioWaitNs?: number): CounterTable {
  const table = new CounterTable();
  table.reserve(8);
  table.begin(SLOT, counters(bytes, ioWaitNs));
  return table;
}

const readBytes = (table: CounterTable) => ({
  unreported: table.unreported(SLOT, true).readBytes,
  since: table.sinceBaseline(SLOT, true).readBytes,
});

describe("what a life did", () => {
  test("counts in full from its first record", () => {
    expect(readBytes(begun(5))).toEqual({ unreported: 5, since: 5 });
  });

  test("is reported once", () => {
    const table = begun(5);
    table.markReported(SLOT);
    expect(table.hasUnreported(SLOT)).toBe(false);
    expect(readBytes(table)).toEqual({ unreported: 0, since: 5 });
    table.raise(SLOT, counters(7));
    expect(readBytes(table)).toEqual({ unreported: 2, since: 7 });
  });

  test("before a new baseline is nobody's", () => {
    const table = begun(5);
    table.rebaseline(SLOT);
    expect(table.hasUnreported(SLOT)).toBe(false);
    expect(table.hasCounted(SLOT)).toBe(false);
    expect(table.current(SLOT, COUNTER.readBytes)).toBe(5);
    table.raise(SLOT, counters(6));
    expect(readBytes(table)).toEqual({ unreported: 1, since: 1 });
  });
});

describe("a later record", () => {
  test("that is lower changes nothing", () => {
    const table = begun(5);
    expect(table.raise(SLOT, counters(4))).toBe(false);
    expect(table.current(SLOT, COUNTER.readBytes)).toBe(5);
  });

  test("of a counter that may be read no longer: unknown from then on", () => {
    const table = begun(5);
    expect(table.raise(SLOT, counters(NaN))).toBe(true);
    table.raise(SLOT, counters(9));
    expect(readBytes(table).unreported).toBeNull();
  });

  test("is compared with what was read, unknown ones left out", () => {
    const table = begun(5);
    expect(table.isAbove(SLOT, counters(4, 0))).toBe(true);
    expect(table.isAbove(SLOT, counters(5, 0))).toBe(false);
    expect(table.isBelow(SLOT, counters(6, 0))).toBe(true);
    expect(table.isBelow(SLOT, counters(5, 0))).toBe(false);
  });
});

describe("delays", () => {
  test("that cannot be are skipped: neither now nor later are they reported", () => {
    const table = begun(0, 100);
    table.markReported(SLOT);
    table.skip(SLOT, COUNTER.ioWaitNs, 100, 1e15);
    expect(table.hasUnreported(SLOT)).toBe(false);
    table.raise(SLOT, counters(0, 1e15 + 7));
    expect(table.unreported(SLOT, true).ioWaitNs).toBe(7);
    expect(table.sinceBaseline(SLOT, true).ioWaitNs).toBe(107);
  });

  test("that the kernel did not count are unknown, and nothing else is", () => {
    const table = begun(5, 100);
    expect(table.unreported(SLOT, false)).toMatchObject({
      readBytes: 5,
      ioWaitNs: null,
      swapWaitNs: null,
    });
  });
});

test("pages are used again, without what the last life left in them", () => {
  const table = begun(5);
  table.markReported(SLOT);
  table.rebaseline(SLOT);
  table.begin(4, counters(9));
  expect(table.unreported(4, true).readBytes).toBe(9);
  expect(table.sinceBaseline(4, true).readBytes).toBe(9);
});

test("more tasks move than there are pages at first", () => {
  const table = new CounterTable();
  table.reserve(1000);
  for (let slot = 0; slot < 1000; slot++) table.begin(slot, counters(slot));
  expect(table.unreported(999, true).readBytes).toBe(999);
  expect(table.unreported(0, true).readBytes).toBe(0);
});
