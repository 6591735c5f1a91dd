import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  GRAPH_GLYPHS,
  drawGraph,
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
          const text = drawGraph(all, cells, glyphs, 1000, all.length);
          expect([...text]).toHaveLength(cells);
        },
      ),
    );
  });

  test("in braille stays or moves by a whole cell: only the last cell is new", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (all, cells) => {
        const drawn = (taken: number): string =>
          drawGraph(all.slice(0, taken), cells, "braille", 1000, taken);
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
    const text = drawGraph([0, 9, 9, 9].slice(4 - taken), 2, glyphs, 9, taken);
    expect([...text].at(-1)).toBe(last);
  });

  test("what is unknown or nothing is blank, and the least that is not shows", () => {
    expect(drawGraph([null, 0], 1, "braille", 1000, 2)).toBe(" ");
    expect(drawGraph([null, 1], 1, "braille", 1000, 2)).toBe("⢀");
  });
});

describe("a scale", () => {
  test("holds all values, is less than twice what is needed, and is one of few", () => {
    fc.assert(
      fc.property(values, (all) => {
        const scale = scaleOf(all, 100);
        const most = Math.max(100, ...all.map((one) => one ?? 0));
        expect(scale).toBeGreaterThanOrEqual(most);
        expect(scale).toBeLessThan(2 * most);
        expect(Number.isInteger(Math.log2(scale / 1.25))).toBe(true);
        expect(scaleOf(all, scale)).toBe(scale);
      }),
    );
  });

  test("does not change with the noise of a round rate", () => {
    for (const mib of [1, 2, 4, 16, 100, 500])
      expect(scaleOf([mib * 2 ** 20 * 1.01], 1024)).toBe(
        scaleOf([mib * 2 ** 20 * 0.99], 1024),
      );
  });
});
