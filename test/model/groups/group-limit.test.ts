import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { unknownDelta } from "../../../src/model/delta.ts";
import { GroupNames } from "../../../src/model/groups/group-limit.ts";
import type { IoDelta } from "../../../src/model/sample.ts";
import { makeSample, row } from "../../support/samples.ts";

const SECOND_NS = 1e9;
const MINUTE_NS = 60e9;
const REST_NS = 10 * MINUTE_NS;

const did = (io: Partial<IoDelta>): IoDelta => ({ ...unknownDelta(), ...io });
const wrote = (writeBytes: number): IoDelta => did({ writeBytes });

type Groups = Readonly<Record<string, number | IoDelta>>;

/** One sample: bytes written by each group, or all that it did. */
function admit(table: GroupNames, groups: Groups, ns = SECOND_NS): boolean {
  const sums = Object.entries(groups).map(
    ([name, io]) => [name, typeof io === "number" ? wrote(io) : io] as const,
  );
  return table.admit(new Map(sums), ns);
}

describe("names", () => {
  test("go to the biggest first, waits after bytes, equals by name", () => {
    const groups = {
      wait: did({ ioWaitNs: 9e9 }),
      b: did({ readBytes: 5 }),
      a: 5,
      big: did({ readBytes: 3, writeBytes: 3 }),
      swap: did({ swapWaitNs: 9e9 + 1, writeBytes: 0 }),
      cached: did({ logicalReadBytes: 1e9 }),
    };
    const order = (max: number) => {
      const table = new GroupNames(max);
      admit(table, groups);
      return table.names;
    };
    expect(order(0)).toEqual([]);
    expect(order(3)).toEqual(["big", "a", "b"]);
    expect(order(9)).toEqual(["big", "a", "b", "swap", "wait"]);
  });

  test("stay with who does something, whoever comes", () => {
    const table = new GroupNames(1);
    admit(table, { small: 1 });
    for (let n = 0; n < 100; n++) admit(table, { small: 1, huge: 1e12 });
    expect(table.names).toEqual(["small"]);
    expect(table.hasRefused).toBe(true);
  });

  test("of those that were active once go to a bigger one, at once", () => {
    const table = new GroupNames(3);
    for (const name of ["a", "b", "c"]) admit(table, { [name]: 4096 });
    expect(table.hasRefused).toBe(false);
    expect(admit(table, { bigone: 2 ** 30 })).toBe(true);
    expect(table.names.toSorted()).toEqual(["b", "bigone", "c"]);
    expect(table.hasRefused).toBe(false);
  });

  test("of those that were active more often go to a bigger one when they have rested for ten minutes", () => {
    const table = new GroupNames(1);
    for (let n = 0; n < 2; n++) admit(table, { nightly: 4096 });
    admit(table, { huge: 1e12 }, REST_NS - SECOND_NS);
    expect([table.names, table.hasRefused]).toEqual([["nightly"], true]);
    // What it does meanwhile begins the rest anew.
    admit(table, { nightly: 1 });
    admit(table, { huge: 1e12 }, REST_NS - SECOND_NS);
    expect(table.names).toEqual(["nightly"]);
    admit(table, { huge: 1e12 });
    expect(table.names).toEqual(["huge"]);
  });

  test("are taken from the lightest of those that rest", () => {
    const table = new GroupNames(3);
    admit(table, { heavy: 9000, light: 10, middle: 5000 });
    admit(table, { middle: 1, x: 6000 });
    expect(table.names.toSorted()).toEqual(["heavy", "middle", "x"]);
    admit(table, { middle: 1, y: 8000 });
    expect(table.names.toSorted()).toEqual(["heavy", "middle", "y"]);
    expect(table.hasRefused).toBe(false);
  });

  test("of a big one that is still go to a smaller one when it has been so for long", () => {
    const table = new GroupNames(1);
    admit(table, { backup: 2 ** 20 });
    let minutes = 0;
    while (!admit(table, { log: 1025 }, MINUTE_NS)) minutes++;
    // Half of it counts after each ten minutes: 1,024 after a hundred.
    expect(minutes).toBe(99);
    expect(table.names).toEqual(["log"]);
    expect(table.hasRefused).toBe(true);
  });

  test("go by waits where no bytes are left to go by", () => {
    const table = new GroupNames(1);
    admit(table, { waited: did({ ioWaitNs: 5e9 }) });
    expect(admit(table, { waits: did({ ioWaitNs: 1e9 }) })).toBe(false);
    expect(admit(table, { wrote: 4096 })).toBe(true);
    const waits = { waits: did({ ioWaitNs: 1 }) };
    expect(admit(table, waits, 120 * MINUTE_NS)).toBe(false);
    expect(admit(table, waits, 10 * MINUTE_NS)).toBe(true);
  });

  test("are given again to one that lost its own", () => {
    const table = new GroupNames(1);
    admit(table, { a: 10 });
    admit(table, { b: 20 });
    expect(table.has("a")).toBe(false);
    admit(table, { a: 30 });
    expect(table.names).toEqual(["a"]);
  });
});

test("over any samples: as many as allowed, none to spare, the biggest, whatever the order", () => {
  const bytes = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat(2 ** 30));
  const groups = fc.dictionary(
    fc.constantFrom(..."abcdefgh"),
    fc.oneof(
      bytes,
      bytes.map((readBytes) => did({ readBytes })),
      bytes.map((ioWaitNs) => did({ ioWaitNs })),
    ),
    { noNullPrototype: true },
  );
  const runs = fc.record({
    samples: fc.array(fc.tuple(groups, fc.integer({ min: 1, max: 200 })), {
      maxLength: 12,
    }),
    max: fc.integer({ min: 0, max: 6 }),
  });
  /** Bytes first: no wait is as long as one byte is heavy. */
  const sizeOf = (io: number | IoDelta | undefined): number =>
    typeof io === "number"
      ? io
      : (io?.readBytes ?? 0) + (io?.ioWaitNs ?? 0) / 2 ** 31;
  fc.assert(
    fc.property(runs, ({ samples, max }) => {
      const table = new GroupNames(max);
      const mirrored = new GroupNames(max);
      /** What each did all in all: nobody weighs more. */
      const sums = new Map<string, number>();
      /** Samples in which each that has a name was active, and its seconds of rest since. */
      const lives = new Map<string, { active: number; restS: number }>();
      for (const [did, seconds] of samples) {
        const before = new Set(table.names);
        admit(table, did, seconds * SECOND_NS);
        const reversed = Object.fromEntries(Object.entries(did).reverse());
        admit(mirrored, reversed, seconds * SECOND_NS);
        expect(mirrored.names.toSorted()).toEqual(table.names.toSorted());
        expect(mirrored.hasRefused).toBe(table.hasRefused);

        const names = new Set(table.names);
        expect(names.size).toBe(table.names.length);
        expect(names.size).toBeLessThanOrEqual(max);
        for (const [name, io] of Object.entries(did))
          sums.set(name, (sums.get(name) ?? 0) + sizeOf(io));
        const busy = Object.keys(did).filter((name) => sizeOf(did[name]) > 0);
        const canRest = new Map<string, boolean>();
        for (const name of before) {
          const { active, restS } = lives.get(name)!;
          const isBusy = busy.includes(name);
          const rest = isBusy ? 0 : restS + seconds;
          lives.set(name, { active: active + Number(isBusy), restS: rest });
          const mayGo = !isBusy && (active === 1 || rest >= 600);
          canRest.set(name, mayGo);
          if (!mayGo) expect(names).toContain(name);
        }
        for (const name of names)
          if (!before.has(name)) lives.set(name, { active: 1, restS: 0 });
        const nameless = busy.filter((name) => !names.has(name));
        if (nameless.length > 0) {
          expect(names.size).toBe(max);
          expect(table.hasRefused).toBe(true);
        }
        for (const name of nameless) {
          for (const other of names) {
            if (!busy.includes(other) && canRest.get(other))
              expect(sums.get(other)!).toBeGreaterThanOrEqual(
                sizeOf(did[name]),
              );
            if (!before.has(other))
              expect(sizeOf(did[other])).toBeGreaterThanOrEqual(
                sizeOf(did[name]),
              );
          }
        }
      }
    }),
  );
});

describe("names that are read seldom", () => {
  test("stay for a while after the group was active once", () => {
    const table = new GroupNames(1, REST_NS);
    admit(table, { a: 1 }, MINUTE_NS);
    admit(table, { huge: 1e12 }, REST_NS - SECOND_NS);
    expect([table.names, table.hasRefused]).toEqual([["a"], true]);
    admit(table, { huge: 1e12 }, SECOND_NS);
    expect(table.names).toEqual(["huge"]);
  });

  const users = makeSample({
    threads: ["c", "_other", "b", "a", "a"].map((user, n) =>
      row({ tid: n + 1, user }),
    ),
  });

  test("can be kept ready for groups that have done nothing, and go to whoever does something", () => {
    const table = new GroupNames(2, REST_NS);
    expect(table.reserve(users, "user")).toEqual(["a", "b"]);
    expect(table.names).toEqual(["a", "b"]);
    admit(table, { huge: 1 });
    expect(table.names.toSorted()).toEqual(["a", "huge"]);
    admit(table, { a: 1, bigger: 5 });
    expect([table.names.toSorted(), table.hasRefused]).toEqual([
      ["a", "huge"],
      true,
    ]);
  });

  test("are not kept ready for programs, nor for groups whose tasks have ended", () => {
    const table = new GroupNames(9);
    expect(table.reserve(users, "comm")).toEqual([]);
    const ended = makeSample({
      threads: [row({ tid: 1, user: "gone", exit: { code: 0, signal: 0 } })],
    });
    expect(table.reserve(ended, "user")).toEqual([]);
    expect(table.names).toEqual([]);
  });
});
