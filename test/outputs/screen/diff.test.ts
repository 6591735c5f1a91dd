import { describe, expect, test } from "bun:test";
import type { Terminal as XTerm } from "@xterm/headless";
import fc from "fast-check";
import { diffFrames } from "../../../outputs/screen/diff.ts";
import { Canvas, type Frame } from "../../../outputs/screen/frame.ts";
import { createPaint, type Style } from "../../../outputs/screen/theme.ts";
import { feed, openXTerm } from "../../support/screen-harness.ts";

const STYLES: readonly Style[] = [
  "plain",
  "faint",
  "strong",
  "medium",
  "high",
  "extreme",
  "title",
  "sorted-title",
  "selected",
  "help",
  "help-key",
  "graph",
  "warning",
];

/** Characters on whose width xterm agrees with us, and blanks, which are most of a screen. */
const glyph = fc.constantFrom(
  ...[
    ..." ".repeat(12),
    ..."abcXYZ019~",
    "é",
    "e\u0301",
    "日",
    "漢",
    "⣿",
    "▽",
    "█",
    "あ",
  ],
);
const put = fc.record({
  x: fc.integer({ min: 0, max: 39 }),
  y: fc.integer({ min: 0, max: 11 }),
  text: fc.array(glyph, { maxLength: 30 }).map((glyphs) => glyphs.join("")),
  style: fc.constantFrom(...STYLES),
});
const size = fc.record({
  columns: fc.integer({ min: 1, max: 40 }),
  rows: fc.integer({ min: 1, max: 12 }),
});

type Put = { x: number; y: number; text: string; style: Style };

function draw(columns: number, rows: number, puts: readonly Put[]): Canvas {
  const canvas = new Canvas(columns, rows, true);
  for (const { x, y, text, style } of puts)
    if (x < columns) canvas.put(x, y, text, style);
  return canvas;
}

const ATTRIBUTES: readonly string[] = [
  "isBold",
  "isDim",
  "isInverse",
  "isUnderline",
  "getFgColor",
];

/** Glyph and attributes of every cell, as the terminal shows them. */
function shownCells(xterm: XTerm): readonly string[] {
  const cells: string[] = [];
  for (let y = 0; y < xterm.rows; y++) {
    const line = xterm.buffer.active.getLine(y)!;
    for (let x = 0; x < xterm.cols; x++) {
      const cell = line.getCell(x)!;
      const glyph = cell.getWidth() === 0 ? "" : cell.getChars() || " ";
      const look = ATTRIBUTES.map((name) =>
        Number((cell as unknown as Record<string, () => number>)[name]!()),
      );
      cells.push(`${glyph} ${look.join(",")}`);
    }
  }
  return cells;
}

/** The same of a frame: painted on a terminal cell by cell, with nothing left out. */
async function expectedCells(frame: Frame): Promise<readonly string[]> {
  const xterm = await openXTerm(frame.columns, frame.rows);
  const paint = createPaint(2);
  let text = "";
  for (let at = 0; at < frame.glyphs.length; at++) {
    const [y, x] = [Math.floor(at / frame.columns), at % frame.columns];
    const glyph = frame.glyphs[at]!;
    if (glyph !== "")
      text += `\x1b[${y + 1};${x + 1}H${paint(frame.styles[at]!, glyph)}`;
  }
  await feed(xterm, text);
  const cells = shownCells(xterm);
  xterm.dispose();
  return cells;
}

describe("the bytes between two frames", () => {
  test("show the next frame, whatever the last one was", async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.array(fc.array(put, { maxLength: 10 }), {
          minLength: 1,
          maxLength: 4,
        }),
        async ({ columns, rows }, pictures) => {
          const xterm = await openXTerm(columns, rows);
          await feed(xterm, "left over from a shell ".repeat(9));
          const paint = createPaint(2);
          let before: Frame | null = null;
          for (const puts of pictures) {
            const after: Frame = draw(columns, rows, puts);
            await feed(xterm, diffFrames(before, after, paint));
            expect(shownCells(xterm)).toEqual(await expectedCells(after));
            before = after;
          }
          xterm.dispose();
        },
      ),
      { numRuns: 60 },
    );
  });

  test("no glyph with a disputed width moves its neighbours, nor leaves a trace", async () => {
    const disputed = ["👨‍👩‍👧", "🇩🇪", "☺️", "🏳️‍🌈", "क्षि", "\u{1fae0}", "ﷺ"];
    for (const text of disputed) {
      const xterm = await openXTerm(20, 2);
      const paint = createPaint(0);
      const first = draw(20, 2, [
        { x: 0, y: 0, text: "0123RIGHT", style: "plain" },
      ]);
      const second = draw(20, 2, [
        { x: 2, y: 0, text, style: "plain" },
        { x: 4, y: 0, text: "RIGHT", style: "plain" },
        { x: 0, y: 1, text: "below", style: "plain" },
      ]);
      const third = draw(20, 2, [
        { x: 4, y: 0, text: "RIGHT", style: "plain" },
      ]);
      const line = (y: number, from: number): string =>
        xterm.buffer.active
          .getLine(y)!
          .translateToString(false, from)
          .trimEnd();
      await feed(xterm, diffFrames(null, first, paint));
      await feed(xterm, diffFrames(first, second, paint));
      expect(line(0, 4)).toBe("RIGHT");
      expect(line(0, 0)).not.toMatch(/[0-9]/);
      expect(line(1, 0)).toBe("below");
      await feed(xterm, diffFrames(second, third, paint));
      expect(line(0, 0)).toBe("    RIGHT");
      expect(line(1, 0)).toBe("");
      xterm.dispose();
    }
  });

  test("are none when nothing changed, and little when little did", () => {
    const paint = createPaint(2);
    const before = draw(120, 40, [
      { x: 0, y: 5, text: "dd  20.13 M/s", style: "plain" },
    ]);
    const after = draw(120, 40, [
      { x: 0, y: 5, text: "dd  20.15 M/s", style: "plain" },
    ]);
    expect(diffFrames(before, before, paint)).toBe("");
    expect(diffFrames(before, after, paint)).toBe(
      "\x1b[?2026h\x1b[6;9H5\x1b[?2026l",
    );
  });

  test("never hold a newline, and stand in synchronized-output marks", () => {
    fc.assert(
      fc.property(
        size,
        fc.array(put, { maxLength: 10 }),
        ({ columns, rows }, puts) => {
          const text = diffFrames(
            null,
            draw(columns, rows, puts),
            createPaint(2),
          );
          expect(text).not.toContain("\n");
          expect(text).toStartWith("\x1b[?2026h");
          expect(text).toEndWith("\x1b[?2026l");
        },
      ),
    );
  });
});
