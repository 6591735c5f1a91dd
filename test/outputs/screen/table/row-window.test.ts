import { describe, expect, test } from "bun:test";
import {
  placeWindow,
  scrollTo,
} from "../../../../outputs/screen/table/row-window.ts";

describe("the window", () => {
  test("stays where it is, as far as there are rows", () => {
    expect(placeWindow(2, -1, 10, 4)).toEqual({
      top: 2,
      indexes: [2, 3, 4, 5],
      selectedLine: null,
    });
    expect(placeWindow(9, -1, 10, 4).top).toBe(6);
    expect(placeWindow(5, 1, 3, 4)).toEqual({
      top: 0,
      indexes: [0, 1, 2],
      selectedLine: 1,
    });
    expect(placeWindow(0, -1, 0, 4).indexes).toEqual([]);
    expect(placeWindow(0, 3, 10, 0).indexes).toEqual([]);
  });

  test("has the selected row in its last line if it is elsewhere", () => {
    for (const selected of [9, 0]) {
      const { indexes, selectedLine } = placeWindow(3, selected, 20, 4);
      expect(indexes).toEqual([3, 4, 5, selected]);
      expect(selectedLine).toBe(3);
    }
    expect(placeWindow(0, 7, 10, 1).indexes).toEqual([7]);
  });
});

test.each([
  [5, 3, 4, 3],
  [5, 5, 4, 5],
  [5, 8, 4, 5],
  [5, 9, 4, 6],
  [5, 9, 0, 9],
])(
  "from %i, the cursor at %i in %i lines has the window at %i",
  (top, index, lines, after) => {
    expect(scrollTo(top, index, lines)).toBe(after);
  },
);
