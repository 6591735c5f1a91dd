import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  GRAPH_GLYPHS,
  RATE_SCALE,
  drawGraph,
  linearScale,
  peaksOfPairs,
  scaleOf,
} from "../../../../outputs/screen/graphs/graph.ts";

setDefaultTimeout(120_000);

const value = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null });
const values = fc.array(value, { minLength: 1, maxLength: 40 });

describe("a graph", () => {
  test("has its cells, whatever the values are", () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom(...GRAPH_GLYPHS),
        (all, cells, glyphs) => {
          const text = drawGraph(
            all,
            cells,
            glyphs,
            linearScale(1000),
            all.length,
          );
          expect([...text]).toHaveLength(cells);
        },
      ),
    );
  });

  test("in braille stays or moves by a whole cell: only the last cell is new", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (all, cells) => {
        const drawn = (taken: number): string =>
          drawGraph(
            all.slice(0, taken),
            cells,
            "braille",
            linearScale(1000),
            taken,
          );
        for (let taken = 1; taken < all.length; taken++) {
          const [before, after] = [drawn(taken), drawn(taken + 1)];
          const moved = taken % 2 === 0 ? before.slice(1) : before.slice(0, -1);
          expect(after.slice(0, -1)).toBe(moved);
        }
      }),
    );
  });

  test.each([
    ["braille", 3, "⡇"],
    ["braille", 4, "⣿"],
    ["blocks", 3, "█"],
    ["ascii", 3, "|"],
  ] as const)("%s ends with the newest value", (glyphs, taken, last) => {
    const text = drawGraph(
      [0, 9, 9, 9].slice(4 - taken),
      2,
      glyphs,
      linearScale(9),
      taken,
    );
    expect([...text].at(-1)).toBe(last);
  });

  test("what is unknown or nothing is blank, and the least that is not shows", () => {
    expect(drawGraph([null, 0], 1, "braille", linearScale(1000), 2)).toBe(" ");
    expect(drawGraph([null, 1], 1, "braille", linearScale(1000), 2)).toBe("⢀");
  });
});

describe("the peaks of pairs", () => {
  test("are what is higher and known, and the newest may be alone", () => {
    expect(peaksOfPairs([1, 5, 7, 2], 4)).toEqual([5, 7]);
    expect(peaksOfPairs([1, 5, 7], 3)).toEqual([5, 7]);
    expect(peaksOfPairs([null, 0, 4, null, null, null], 6)).toEqual([
      0,
      4,
      null,
    ]);
    expect(peaksOfPairs([], 0)).toEqual([]);
  });

  test("stay as they are as values are added; the newest does not fall", () => {
    fc.assert(
      fc.property(values, (all) => {
        const peaks = (taken: number): readonly (number | null)[] =>
          peaksOfPairs(all.slice(0, taken), taken);
        for (let taken = 1; taken < all.length; taken++) {
          const [before, after] = [peaks(taken), peaks(taken + 1)];
          const isAlone = taken % 2 === 1;
          expect(after.slice(0, -1)).toEqual(
            isAlone ? before.slice(0, -1) : [...before],
          );
          if (isAlone)
            expect(after.at(-1) ?? -1).toBeGreaterThanOrEqual(
              before.at(-1) ?? -1,
            );
        }
      }),
    );
  });

  test("stay as they are when the oldest values are dropped", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (all, kept) => {
        const few = peaksOfPairs(all.slice(-kept), all.length);
        // Of the first pair, one may be dropped.
        const whole = few.slice(1);
        const many = peaksOfPairs(all, all.length);
        expect(whole).toEqual(many.slice(many.length - whole.length));
      }),
    );
  });
});

describe("a scale", () => {
  test("holds all values, is less than twice what is needed, and is one of few", () => {
    fc.assert(
      fc.property(values, (all) => {
        const scale = scaleOf(all, 100);
        const most = Math.max(100, ...all.map((one) => one ?? 0));
        expect(scale * 1.05).toBeGreaterThanOrEqual(most);
        expect(scale).toBeLessThan(2 * most);
        expect(scaleOf(all, scale)).toBe(scale);
      }),
    );
  });

  test("is one of few that can be written in four cells", () => {
    const MIB = 1024 * 1024;
    expect(scaleOf([34 * MIB], 0)).toBe(40 * MIB);
    expect(scaleOf([134 * MIB], 0)).toBe(160 * MIB);
    expect(scaleOf([900 * 1024], 0)).toBe(1.25 * MIB);
    expect(scaleOf([0.9e6], 0, 1000)).toBe(1.25e6);
  });

  test("does not change with the noise of a round rate", () => {
    for (const mib of [1, 2, 4, 10, 16, 20, 100, 500])
      expect(scaleOf([mib * 2 ** 20 * 1.01], 1024)).toBe(
        scaleOf([mib * 2 ** 20 * 0.99], 1024),
      );
  });
});

describe("the scale of rows", () => {
  const KIB = 1024;
  const drawn = (...rates: number[]): string =>
    drawGraph(rates, rates.length, "blocks", RATE_SCALE, rates.length);

  test("rises by an eighth with four times the rate", () => {
    const rates = [1, 79, 80, 319, 320, 1279, 1280, 5119, 5120, 20_479, 20_480];
    expect(drawn(...rates.map((rate) => rate * KIB))).toBe("▁▁▂▂▃▃▄▄▅▅▆");
    expect(drawn(...[79, 80, 319, 320, 9999].map((m) => m * 1024 * KIB))).toBe(
      "▆▇▇██",
    );
    expect(drawn(0)).toBe(" ");
  });

  test("never depends on what else is drawn", () => {
    const [archive, wal] = [30.1 * 1024 * KIB, 400 * KIB];
    expect(drawn(archive, wal)).toBe("▆▃");
    expect(drawn(archive, wal, 160 * 1024 * KIB)).toBe("▆▃▇");
  });
});
