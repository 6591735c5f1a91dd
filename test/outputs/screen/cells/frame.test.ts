import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { Canvas } from "../../../../outputs/screen/cells/frame.ts";

setDefaultTimeout(120_000);

const glyphs = (canvas: Canvas, y = 0): readonly string[] =>
  canvas.lines[y]!.glyphs;

const row = (canvas: Canvas, y = 0): string => glyphs(canvas, y).join("");

describe("text on the grid", () => {
  test("is cut at the limit and never split inside a wide character", () => {
    const canvas = new Canvas(8, 1, true);
    expect(canvas.put(0, 0, "abcdefghijk", "plain", 4)).toBe(4);
    expect(row(canvas)).toBe("abcd    ");
    expect(canvas.put(0, 0, "日本語", "plain", 5)).toBe(4);
    expect(glyphs(canvas).slice(0, 5)).toEqual(["日", "", "本", "", " "]);
  });

  test("half a wide character that is drawn over leaves a blank", () => {
    const canvas = new Canvas(6, 1, true);
    canvas.put(0, 0, "日本語");
    canvas.put(1, 0, "x");
    expect(glyphs(canvas)).toEqual([" ", "x", "本", "", "語", ""]);
    canvas.put(2, 0, "y");
    expect(glyphs(canvas)).toEqual([" ", "x", "y", " ", "語", ""]);
  });

  test("control characters, whoever let them through, are question marks", () => {
    const canvas = new Canvas(6, 1, true);
    canvas.put(0, 0, "a\u202eb日");
    expect(row(canvas)).not.toMatch(/\p{C}/u);
  });

  test("squares that are emoji take two cells, those beside them one", () => {
    const canvas = new Canvas(8, 1, true);
    expect(canvas.put(0, 0, "◼◽◾◿")).toBe(6);
    expect(glyphs(canvas)).toEqual(["◼", "◽", "", "◾", "", "◿", " ", " "]);
  });

  test("without Unicode each cell outside ASCII is a question mark", () => {
    const canvas = new Canvas(8, 1, false);
    canvas.put(0, 0, "é日x⣿");
    expect(row(canvas)).toBe("???x?   ");
  });

  test("whatever is drawn, each cell holds one glyph and wide ones have both halves", () => {
    const call = fc.record({
      x: fc.integer({ min: 0, max: 19 }),
      y: fc.integer({ min: -1, max: 4 }),
      text: fc.string({ unit: "grapheme", maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), (calls) => {
        const canvas = new Canvas(20, 4, true);
        for (const { x, y, text } of calls) canvas.put(x, y, text);
        for (let y = 0; y < 4; y++)
          glyphs(canvas, y).forEach((glyph, x, line) => {
            const wide = glyph !== "" && Bun.stringWidth(glyph) === 2;
            const last = x === 19;
            if (wide) expect(last).toBe(false);
            if (!last) expect(line[x + 1] === "").toBe(wide);
            expect(glyph).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
          });
      }),
    );
  });
});
