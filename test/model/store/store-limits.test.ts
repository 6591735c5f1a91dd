import { expect, test } from "bun:test";
import fc from "fast-check";
import { storePeriodEnd } from "../../../src/model/store/store-files.ts";
import {
  chooseExpired,
  type SizedFile,
} from "../../../src/model/store/store-limits.ts";

const MINUTE_MS = 60_000;
const NONE = { keepMs: Infinity, mostBytes: Infinity };

/** Files of ten minutes each, one after the other, the last one open. */
const filesOf = (sizes: readonly number[]): readonly SizedFile[] =>
  sizes.map((sizeBytes, at) => ({
    host: "web1",
    startMs: at * 10 * MINUTE_MS,
    period: "10m",
    form: "compressed",
    sizeBytes,
    isOpen: at === sizes.length - 1,
  }));

const startsOf = (files: readonly SizedFile[]): readonly number[] =>
  files.map(({ startMs }) => startMs / MINUTE_MS);

test("without limits all stays", () => {
  expect(chooseExpired(filesOf([1, 2, 3]), 1e12, NONE)).toEqual([]);
});

test("an hour of ten-minute files is six and the open one", () => {
  const files = filesOf(Array(18).fill(1));
  const now = 170 * MINUTE_MS;
  const keepMs = 60 * MINUTE_MS;
  const expired = chooseExpired(files, now, { ...NONE, keepMs });
  expect(startsOf(expired)).toEqual(
    Array.from({ length: 11 }, (_, at) => at * 10),
  );
  // A little later one more is older than an hour, at its end.
  expect(
    chooseExpired(files, now + 10 * MINUTE_MS, { ...NONE, keepMs }),
  ).toHaveLength(12);
});

test("by size the oldest go, and the open one stays and counts, with an eighth to come", () => {
  const files = filesOf([5, 1, 3, 4]);
  const by = (mostBytes: number) =>
    startsOf(chooseExpired(files.toReversed(), 0, { ...NONE, mostBytes }));
  expect(by(16)).toEqual([]);
  expect(by(14)).toEqual([0]);
  expect(by(8)).toEqual([0, 10]);
  expect(by(1)).toEqual([0, 10, 20]);
});

test("the newest that is not open goes only where the open one has an eighth", () => {
  const limits = { ...NONE, mostBytes: 80 };
  const by = (sizes: readonly number[]) =>
    startsOf(chooseExpired(filesOf(sizes), 0, limits));
  expect(by([1, 200, 9])).toEqual([0]);
  expect(by([1, 200, 10])).toEqual([0, 10]);
  const closed = filesOf([1, 200]).map((file) => ({ ...file, isOpen: false }));
  expect(startsOf(chooseExpired(closed, 0, limits))).toEqual([0]);
});

test("both limits hold afterwards, and nothing goes that could stay", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }),
      fc.nat(1000),
      fc.nat(120),
      (sizes, mostBytes, keepMinutes) => {
        const files = filesOf(sizes);
        const now = sizes.length * 10 * MINUTE_MS;
        const limits = { mostBytes, keepMs: keepMinutes * MINUTE_MS };
        const expired = chooseExpired(files, now, limits);
        const kept = files.filter((file) => !expired.includes(file));
        const sum = kept.reduce((total, file) => total + file.sizeBytes, 0);
        const closed = kept.filter(({ isOpen }) => !isOpen);
        expect(kept).toContain(files.at(-1)!);
        const openBytes = sizes.at(-1)!;
        const shareBytes = mostBytes / 8;
        const isSpared = closed.length === 1 && openBytes < shareBytes;
        if (closed.length > 0 && !isSpared)
          expect(sum + shareBytes).toBeLessThanOrEqual(mostBytes);
        for (const file of closed)
          expect(storePeriodEnd(file)).toBeGreaterThan(now - limits.keepMs);
        const last = expired.at(-1);
        if (last !== undefined)
          expect(
            sum + shareBytes + last.sizeBytes > mostBytes ||
              storePeriodEnd(last) <= now - limits.keepMs,
          ).toBe(true);
      },
    ),
  );
});
