import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { wrapWords } from "../../../../outputs/screen/panes/spans.ts";

describe("words in lines", () => {
  test("are indented from the second line on", () => {
    expect(wrapWords(["one", "two", "three"], 8, 2)).toEqual([
      "one two",
      "  three",
    ]);
  });

  test("too long for a line go on in the next, wide characters whole", () => {
    expect(wrapWords(["a", "bbbbbbbb"], 5, 2)).toEqual([
      ...["a", "  bbb", "  bbb", "  bb"],
    ]);
    expect(wrapWords(["日本語"], 5, 0)).toEqual(["日本", "語"]);
  });

  test("are all there, in lines that fit", () => {
    const word = fc.string({ minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(word.filter((text) => /^[!-~]+$/.test(text))),
        fc.integer({ min: 6, max: 40 }),
        (words, cells) => {
          const lines = wrapWords(words, cells, 2);
          for (const line of lines)
            expect(line.length).toBeLessThanOrEqual(cells);
          expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""));
        },
      ),
    );
  });

  test("of no words are one empty line", () => {
    expect(wrapWords([], 10, 2)).toEqual([""]);
  });
});
