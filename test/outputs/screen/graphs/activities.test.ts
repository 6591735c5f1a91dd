import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  Activities,
  hashOf,
  type Activity,
} from "../../../../outputs/screen/graphs/activities.ts";

const amount = fc.oneof(fc.constant(0), fc.double({ min: 0, noNaN: true }));
const activity: fc.Arbitrary<Activity> = fc.record({
  rw: amount,
  io: amount,
  read: amount,
  write: amount,
  swapin: amount,
});
/** Few of them, so that those which are not there have neighbours. */
const key = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((tid) => `${tid}.1764000000000`),
  fc.constantFrom("ended.0.dd", "ended.0.dc", "group.comm.sh", "", "Aa", "BB"),
);

test("packed activities are those of the map, and of no other key", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, activity), { maxLength: 80 }),
      fc.array(key),
      (entries, others) => {
        const map = new Map(entries);
        const packed = new Activities(map);
        expect(packed.size).toBe(map.size);
        expect(packed.keys.map((each, at) => [each, packed.at(at)])).toEqual([
          ...map,
        ]);
        for (const each of [...map.keys(), ...others]) {
          expect(packed.get(each)).toEqual(map.get(each));
          expect(packed.has(each)).toBe(map.has(each));
          expect(packed.amountOf(each, hashOf(each), "io")).toBe(
            map.get(each)?.io,
          );
        }
      },
    ),
  );
});

test("more of them than 16 bits can number are found", () => {
  const map = new Map<string, Activity>();
  for (let tid = 1; tid <= 70_000; tid++)
    map.set(`${tid}.5`, { rw: tid, io: 0, read: tid, write: 0, swapin: 0 });
  const packed = new Activities(map);
  expect(packed.get("70000.5")?.rw).toBe(70_000);
  expect(packed.get("1.5")?.read).toBe(1);
  expect(packed.has("70001.5")).toBe(false);
});
