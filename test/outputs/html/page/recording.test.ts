import { describe, expect, test } from "bun:test";
import {
  decodeColumn,
  encodeColumn,
  type PageData,
} from "../../../../outputs/html/page/data.ts";
import {
  offsetMsAt,
  readRecording,
} from "../../../../outputs/html/page/recording.ts";

describe("a column", () => {
  test.each([
    [[], null],
    [[null, null], null],
    [
      [5, 0, 0, 0, 7],
      [5, -3, 7],
    ],
    [
      [0, 5, 0],
      [0, 5, 0],
    ],
    [
      [0, 0, null, 0, 0],
      [-2, null, -2],
    ],
  ])("%p is %p", (amounts, column) => {
    expect(encodeColumn(amounts)).toEqual(column);
    expect(decodeColumn(column, amounts.length)).toEqual(amounts);
  });
});

const column = [1, -1, null];
const group = {
  ...{ name: "fio", read: column, write: column, cancelled: column },
  ...{ io_delay_ns: [5, -1, 6], first: column, last: column, ended: null },
};

const DATA: PageData = {
  ...{ schema: "iotop.page/1", version: "1", hosts: ["db1"], boots: 1 },
  utc_offsets: [
    [1000, 3600],
    [9000, 7200],
  ],
  ...{ kilo: 1024, next_s: null, samples: 3, watched_ns: 3e9, from_ms: 50_000 },
  end_ms: [1000, 2004, 9000],
  bin_ns: [1e9, 1e9, 2e9],
  bytes_unit: 1024,
  words: { title: "COMMAND", one: "command", many: "commands" },
  ...{ groups: [group], rest: { ...group, name: "" }, rest_names: 0 },
  ...{ disk_read: null, disk_write: column, notes: [] },
  ...{ stalled_some_ns: column, stalled_full_ns: null },
};

describe("a recording", () => {
  test("has bytes, and unknown where nothing is known", () => {
    const { groups, diskRead, diskWrite } = readRecording(DATA);
    expect(groups.map(({ name, read, ended }) => [name, read, ended])).toEqual([
      ["fio", [1024, 0, null], [null, null, null]],
      ["", [1024, 0, null], [null, null, null]],
    ]);
    expect(groups[0]!.waited).toEqual([5, 0, 6]);
    expect([diskRead, diskWrite]).toEqual([
      [null, null, null],
      [1024, 0, null],
    ]);
  });

  test("has pauses, but none of a few milliseconds", () => {
    const { beginMs, endMs } = readRecording(DATA);
    expect(beginMs).toEqual([50_000, 51_000, 57_000]);
    expect(endMs).toEqual([51_000, 52_004, 59_000]);
  });
});

test("local time is ahead of UTC by what it is then", () => {
  const { utc_offsets } = DATA;
  const ahead = [0, 1000, 8999, 9000, 1e12].map((ms) =>
    offsetMsAt(utc_offsets, ms),
  );
  expect(ahead).toEqual([3600e3, 3600e3, 3600e3, 7200e3, 7200e3]);
  expect(offsetMsAt([], 5)).toBe(0);
});
