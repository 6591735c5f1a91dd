import { describe, expect, test } from "bun:test";
import {
  binAt,
  hashOf,
  parseHash,
  rangeBetween,
  wholeRange,
} from "../../../../outputs/html/page/zoom.ts";

/** Three bins of 10 s, a pause of a minute, two bins more. */
const TIMES = {
  length: 5,
  beginMs: [0, 10, 20, 90, 100].map((s) => s * 1000),
  endMs: [10, 20, 30, 100, 110].map((s) => s * 1000),
};

test.each([
  // Bins of which at least half is in sight.
  [0, 110, 0, 5],
  [4, 26, 0, 3],
  [6, 24, 1, 2],
  [95, 200, 3, 5],
  // Less than half of any: the one where it begins.
  [11, 12, 1, 2],
  // In the pause, and outside.
  [40, 80, 3, 4],
  [-50, -10, 0, 1],
  [500, 600, 4, 5],
])("from %d s to %d s", (from, to, first, end) => {
  expect(rangeBetween(TIMES, from * 1000, to * 1000)).toEqual({
    from: first,
    to: end,
  });
});

test("a time is in a bin, or before the next one", () => {
  const bins = [-1, 0, 9, 10, 29, 50, 95, 110, 500].map((s) =>
    binAt(TIMES, s * 1000),
  );
  expect(bins).toEqual([0, 0, 0, 1, 2, 3, 3, 4, 4]);
  expect(binAt({ length: 0, beginMs: [], endMs: [] }, 5)).toBe(-1);
});

describe("a piece of time in an address", () => {
  test("is read back as the same bins", () => {
    for (const range of [
      wholeRange(TIMES),
      { from: 1, to: 2 },
      { from: 2, to: 4 },
    ]) {
      const [from, to] = parseHash(`#${hashOf(TIMES, range)}`)!;
      expect(rangeBetween(TIMES, from, to)).toEqual(range);
    }
  });

  test.each(["", "#", "#5", "#5-", "#9-5", "#5-5", "#a-b", "#1-2-3", "#-1-5"])(
    "%p names none",
    (hash) => expect(parseHash(hash)).toBeNull(),
  );
});
