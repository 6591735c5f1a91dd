import { expect, test } from "bun:test";
import {
  countIds,
  idsGivenOut,
  includesId,
} from "../../src/sampler/new-process-ids.ts";

/** kernel.pid_max. */
const MAX = 32_768;
const NOT_KNOWN = "not known";

test.each([
  ["none", 1000, 1000, MAX, "", 0],
  ["one", 1000, 1001, MAX, "1001-1001", 1],
  ["a hundred", 1000, 1100, MAX, "1001-1100", 100],
  ["the last one there is", 32_766, 32_767, MAX, "32767-32767", 1],
  ["those after the last one", 32_767, 302, MAX, "300-302", 3],
  [
    "the last ones and the first ones",
    32_765,
    301,
    MAX,
    "32766-32767 300-301",
    4,
  ],
  ["the first one again", 32_766, 300, MAX, "32767-32767 300-300", 2],
  ["almost all", 1000, 999, MAX, "1001-32767 300-999", 32_467],
  [
    "below those that come again, on a machine that has just started",
    120,
    250,
    MAX,
    "121-250",
    130,
  ],
  ["after pid_max was lowered", 32_000, 310, 20_000, "300-310", 11],
  [
    "after pid_max was lowered to the next one",
    19_999,
    310,
    20_000,
    "300-310",
    11,
  ],
  [
    "after pid_max was raised, and they seem to begin again",
    32_000,
    310,
    4_194_304,
    "32001-4194303 300-310",
    4_162_314,
  ],
  ["set back to where no round begins", 32_000, 120, MAX, NOT_KNOWN, NaN],
  ["unknown before", NaN, 1000, MAX, NOT_KNOWN, NaN],
  ["unknown now", 1000, NaN, MAX, NOT_KNOWN, NaN],
  ["never known", NaN, NaN, MAX, NOT_KNOWN, NaN],
])("ids given out: %s", (_, before, last, pidMax, expected, count) => {
  const ranges = idsGivenOut(before, last, pidMax);
  const text = ranges?.map(({ from, to }) => `${from}-${to}`).join(" ");
  expect(text ?? NOT_KNOWN).toBe(expected);
  if (ranges !== null) expect(countIds(ranges)).toBe(count);
});

test("whether an id is among them", () => {
  const ranges = idsGivenOut(32_765, 301, MAX)!;
  const ids = [299, 300, 301, 302, 32_765, 32_766, 32_767, 32_768];
  expect(ids.filter((id) => includesId(ranges, id))).toEqual([
    300, 301, 32_766, 32_767,
  ]);
});
