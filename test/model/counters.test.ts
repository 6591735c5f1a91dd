/** What follows from the declaration of the counters follows for every one of them. */
import { describe, expect, test } from "bun:test";
import {
  COUNTER,
  COUNTERS,
  COUNTER_ENTRIES,
  PROC_IO_FIELDS,
  TASKSTATS_FIELDS,
  WAITS,
  WAIT_PLACES,
} from "../../src/model/counters.ts";
import { TASK_FIELDS } from "../../src/model/record/counter-record.ts";
import {
  Row,
  addDeltas,
  isIdle,
  remainderOf,
  unknownDelta,
  withWaits,
  zeroDelta,
} from "../../src/model/delta.ts";
import type { Counter, IoDelta } from "../../src/model/sample.ts";
import { isActive } from "../../src/model/view/activity.ts";
import { compile, eachCounter } from "../../src/model/unroll.ts";
import { makeTask } from "../support/samples.ts";

const withOne = (counter: Counter, amount: number): IoDelta => ({
  ...zeroDelta(),
  [counter]: amount,
});

const rowOf = (io: IoDelta, since: IoDelta = io): Row =>
  new Row({
    task: makeTask({ tid: 7 }),
    ...{ io, since, elapsedNs: 1e9, count: 1, born: false },
    ...{ exit: null, blockedNs: 0 },
  });

describe("the declaration", () => {
  test("gives every counter a place, and every key once", () => {
    expect(COUNTERS.map((counter) => COUNTER[counter])).toEqual([
      ...COUNTERS.keys(),
    ]);
    expect(WAIT_PLACES.map((place) => COUNTERS[place]!)).toEqual([...WAITS]);
    const keys = TASK_FIELDS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("takes no field of the kernel twice", () => {
    for (const fields of [TASKSTATS_FIELDS, PROC_IO_FIELDS]) {
      const named = fields.filter((field) => field !== null);
      expect(new Set(named).size).toBe(named.length);
    }
  });

  test("has the unit in the name of the counter, and in that of its key", () => {
    const endings = { bytes: /bytes$/i, calls: /calls$/i, ns: /ns$/i };
    for (const counter of COUNTERS) {
      const { key, unit } = COUNTER_ENTRIES[counter];
      expect(counter).toMatch(endings[unit]);
      expect(key).toMatch(endings[unit]);
    }
  });
});

describe.each(COUNTERS.map((counter) => [counter]))("%s", (counter) => {
  test("is in sums and remainders", () => {
    const [three, five] = [withOne(counter, 3), withOne(counter, 5)];
    expect(addDeltas(three, five)).toEqual(withOne(counter, 8));
    expect(addDeltas(unknownDelta(), five)).toEqual(five);
    expect(remainderOf(five, three)).toEqual(withOne(counter, 2));
    expect(remainderOf(five, unknownDelta())).toEqual(five);
    expect(remainderOf(unknownDelta(), three)).toEqual(unknownDelta());
  });

  test("is unknown in a remainder of nothing that nobody could tell", () => {
    const all = withOne(counter, 5);
    const rest = remainderOf(all, all, (other) => other !== counter);
    expect(rest).toEqual(zeroDelta((other) => other !== counter));
  });

  test("makes a row that is not idle, and has it", () => {
    expect(isIdle(zeroDelta())).toBe(true);
    expect(isIdle(unknownDelta())).toBe(true);
    expect(isIdle(withOne(counter, 1))).toBe(false);
    expect(rowOf(withOne(counter, 1))[counter]).toBe(1);
  });

  test("makes a row active if it is declared to, in the interval or since", () => {
    const { isActivity } = COUNTER_ENTRIES[counter];
    const now = rowOf(withOne(counter, 1));
    const before = rowOf(zeroDelta(), withOne(counter, 1));
    expect([isActive(now), isActive(before)]).toEqual([isActivity, false]);
    expect(isActive(before, true)).toBe(isActivity);
  });

  test("is a wait, or it is not", () => {
    const mixed = withWaits(zeroDelta(), unknownDelta());
    expect(mixed[counter]).toBe(
      COUNTER_ENTRIES[counter].unit === "ns" ? null : 0,
    );
  });
});

test("code of all counters has one piece for each, in their order", () => {
  const names = compile<() => string[]>(
    `() => [${eachCounter((counter, place) => `"${place} " + prefix + "${counter}",`)}]`,
    { prefix: "a " },
  );
  expect(names()).toEqual(COUNTERS.map((name, i) => `${i} a ${name}`));
});
