import { describe, expect, test } from "bun:test";
import {
  byteSteps,
  formatBytes,
  formatClock,
  formatCount,
  formatDate,
  formatDay,
  formatDuration,
  formatOffset,
  formatRate,
  formatRates,
  formatShare,
  formatTasks,
} from "../../../../outputs/html/page/text.ts";

const BINARY = { kilo: 1024 } as const;
const DECIMAL = { kilo: 1000 } as const;

test.each([
  [0, "0 B", "0 B"],
  [1, "1 B", "1 B"],
  [999.6, "1000 B", "1000 B"],
  [1000, "1000 B", "1.00 kB"],
  [1536, "1.50 KiB", "1.54 kB"],
  [1024 ** 2, "1.00 MiB", "1.05 MB"],
  [184.31 * 1024 ** 2, "184 MiB", "193 MB"],
  [1023.99 * 1024 ** 3, "1024 GiB", "1.10 TB"],
  [2 ** 53, "8.00 PiB", "9.01 PB"],
])("%d bytes", (bytes, binary, decimal) => {
  expect(formatBytes(bytes, BINARY)).toBe(binary);
  expect(formatBytes(bytes, DECIMAL)).toBe(decimal);
});

test("a rate says so", () => {
  expect(formatRate(2048, BINARY)).toBe("2.00 KiB/s");
});

describe("an axis", () => {
  test("has one unit", () => {
    const labels = (step: number) =>
      formatRates(
        [0, 1, 2, 3].map((times) => times * step),
        BINARY,
      );
    expect(labels(5 * 1024 ** 2)).toEqual([
      ...["0", "5 MiB/s", "10 MiB/s", "15 MiB/s"],
    ]);
    // They would not be round in MiB.
    expect(labels(500 * 1024)).toEqual([
      ...["0", "500 KiB/s", "1000 KiB/s", "1500 KiB/s"],
    ]);
  });

  test("of nothing is still one", () => {
    expect(formatRates([0], BINARY)).toEqual(["0"]);
    expect(formatRates([], BINARY)).toEqual([]);
  });

  test("has steps that are round in their unit, and ascend", () => {
    for (const sizes of [BINARY, DECIMAL]) {
      const steps = byteSteps(sizes);
      expect(steps.toSorted((a, b) => a - b)).toEqual([...steps]);
      expect(steps).toContain(20 * sizes.kilo ** 2);
    }
  });
});

test.each([
  [0, "0 s"],
  [1e6, "0.00 s"],
  [0.25e9, "0.25 s"],
  [6.11e9, "6.11 s"],
  [119.4e9, "119 s"],
  [120e9, "2 min 0 s"],
  [3599.9e9, "1 h 0 min"],
  [3725e9, "1 h 2 min"],
  [86_400e9 * 2.5, "2 d 12 h"],
])("%d ns", (ns, text) => expect(formatDuration(ns)).toBe(text));

test.each([
  [0, "0.0 %"],
  [0.0004, "< 0.1 %"],
  [0.001, "0.1 %"],
  [0.8756, "87.6 %"],
  [1, "100.0 %"],
])("share %d", (share, text) => expect(formatShare(share)).toBe(text));

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [9_007_199_254_740_991, "9,007,199,254,740,991"],
])("count %d", (count, text) => expect(formatCount(count)).toBe(text));

test.each([
  [0, "0 tasks"],
  [0.5, "0.5 tasks"],
  [1, "1 task"],
  [12.34, "12.3 tasks"],
])("%d tasks", (tasks, text) => expect(formatTasks(tasks)).toBe(text));

test("times of day are as exact as asked for", () => {
  const time = Date.UTC(2026, 10, 4, 2, 13, 20, 57);
  expect(
    [60_000, 1000, 999, 100, 20, 1].map((step) => formatClock(time, step)),
  ).toEqual([
    ...["02:13:20", "02:13:20", "02:13:20.0", "02:13:20.0"],
    ...["02:13:20.05", "02:13:20.057"],
  ]);
  expect([formatDay(time), formatDate(time)]).toEqual(["4 Nov", "4 Nov 2026"]);
});

test.each([
  [0, "UTC"],
  [3_600_000, "UTC+01:00"],
  [-12_600_000, "UTC−03:30"],
])("%d ms ahead of UTC", (ms, text) => expect(formatOffset(ms)).toBe(text));
