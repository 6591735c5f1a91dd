import { describe, expect, test } from "bun:test";
import { timeTicks } from "../../../../outputs/html/page/ticks.ts";

const at = (text: string): number => Date.parse(`2026-11-${text}Z`);
const labels = (from: string, to: string, most = 8, offsetMs = 0) =>
  timeTicks(at(from), at(to), most, offsetMs).map(({ label }) => label);

describe("labels", () => {
  test("are at round times, with the day where it begins", () => {
    expect(labels("24T21:50:10", "25T01:10:00")).toEqual([
      "22:00\n24 Nov",
      "22:30",
      "23:00",
      "23:30",
      "00:00\n25 Nov",
      "00:30",
      "01:00",
    ]);
  });

  test("are round in local time", () => {
    const ticks = timeTicks(
      at("24T00:00:00"),
      at("24T12:00:00"),
      4,
      5.5 * 36e5,
    );
    expect(ticks.map(({ label }) => label)).toEqual([
      "06:00\n24 Nov",
      "09:00",
      "12:00",
      "15:00",
    ]);
    expect(new Date(ticks[0]!.timeMs).toISOString()).toBe(
      "2026-11-24T00:30:00.000Z",
    );
  });

  test("are as exact as they must be", () => {
    expect(labels("24T02:13:20", "24T02:13:50", 6)).toEqual([
      "02:13:20\n24 Nov",
      "02:13:25",
      "02:13:30",
      "02:13:35",
      "02:13:40",
      "02:13:45",
      "02:13:50",
    ]);
    expect(labels("24T02:13:20.010", "24T02:13:20.500", 5)).toEqual([
      "02:13:20.1\n24 Nov",
      "02:13:20.2",
      "02:13:20.3",
      "02:13:20.4",
      "02:13:20.5",
    ]);
  });

  test("are days where there are many of them", () => {
    expect(labels("01T12:00:00", "06T00:00:00")).toEqual(
      [2, 3, 4, 5, 6].map((day) => `\n${day} Nov`),
    );
  });
});

test("are never more than one above what fits, however long the time", () => {
  for (const spanMs of [1, 50, 1e3, 7e4, 9e5, 3e7, 1e9, 4e10, 3e12])
    for (const most of [2, 5, 12]) {
      const ticks = timeTicks(1.7e12 + 1, 1.7e12 + 1 + spanMs, most, 0);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
    }
});
