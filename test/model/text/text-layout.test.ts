import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  entryLines,
  fillLines,
  wrapText,
} from "../../../src/model/text/text-layout.ts";

setDefaultTimeout(120_000);

test("text is filled, and long words stand alone", () => {
  expect(fillLines("aa bb ccccccc d", 5)).toEqual(["aa bb", "ccccccc", "d"]);
});

test("a term that is too long stands above its meaning", () => {
  expect(entryLines("-a", "b", 2, 6)).toEqual(["  -a  b"]);
  expect(entryLines("-abc", "b", 2, 6)).toEqual(["  -abc", "      b"]);
});

describe("wrapped text", () => {
  test.each([
    ["aa bb cc", 5, 0, ["aa bb", "cc"]],
    ["aa bb cc dd", 5, 2, ["aa bb", "  cc", "  dd"]],
    ["tags=one|two|three: how", 10, 0, ["tags=one|", "two|three:", "how"]],
    ["tags=one|two|three: how", 8, 0, ["tags=one", "|two|", "three:", "how"]],
    ["abcdefgh", 3, 0, ["abc", "def", "gh"]],
    ["", 3, 0, [""]],
  ])("%j in %d columns, indented by %d", (text, width, indent, lines) => {
    expect(wrapText(text, width, indent)).toEqual(lines);
  });

  test("never passes its width, and leaves nothing out", () => {
    const texts = fc.stringMatching(/^[a-z|]{0,30}( [a-z|]{0,30}){0,5}$/);
    const sizes = fc.integer({ min: 4, max: 40 });
    fc.assert(
      fc.property(texts, sizes, fc.nat({ max: 3 }), (text, width, indent) => {
        const lines = wrapText(text, width, indent);
        for (const line of lines)
          expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(
          text.replaceAll(" ", ""),
        );
      }),
    );
  });
});
