import { expect, test } from "bun:test";
import {
  parseDurationMs,
  parsePercent,
  parseSizeBytes,
} from "../../../src/model/text/amounts.ts";

test.each([
  ["30s", 30_000],
  ["10m", 600_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["2W", 1_209_600_000],
  ["7", null],
  ["d", null],
  ["0h", null],
  ["-1h", null],
  ["1h30m", null],
  ["1 h", null],
])("%s is a duration of %p ms", (text, ms) =>
  expect(parseDurationMs(text)).toBe(ms),
);

test.each([
  ["1", 1],
  ["500", 500],
  ["1k", 1024],
  ["1.5K", 1536],
  ["2G", 2 ** 31],
  ["2gb", 2 ** 31],
  ["2GiB", 2 ** 31],
  ["1T", 2 ** 40],
  ["0", null],
  ["0.1", null],
  ["G", null],
  ["-1G", null],
  ["1P", null],
  ["1e9", null],
  ["5%", null],
])("%s is a size of %p bytes", (text, bytes) =>
  expect(parseSizeBytes(text)).toBe(bytes),
);

test.each([
  ["5%", 0.05],
  ["0%", 0],
  ["12.5%", 0.125],
  ["100%", 1],
  ["100.1%", null],
  ["5", null],
  ["%", null],
  ["-5%", null],
])("%s is the part %p", (text, ratio) =>
  expect(parsePercent(text)).toBe(ratio),
);
