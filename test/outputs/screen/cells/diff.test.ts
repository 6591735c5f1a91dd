import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Terminal as XTerm } from "@xterm/headless";
import fc from "fast-check";
import {
  diffFrames,
  type Painted,
} from "../../../../outputs/screen/cells/diff.ts";
import {
  Canvas,
  drawLine,
  type Frame,
} from "../../../../outputs/screen/cells/frame.ts";
import { createSgr } from "../../../../outputs/screen/cells/sgr.ts";
import {
  STYLES,
  createPaint,
  themeOf,
  type Style,
} from "../../../../outputs/screen/cells/theme.ts";
import { feed, openXTerm } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

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
const SGR = createSgr(createPaint(themeOf("auto", null, 2)));

const put = fc.record({
  x: fc.integer({ min: 0, max: 39 }),
  y: fc.integer({ min: 0, max: 11 }),
  text: fc.array(glyph, { maxLength: 30 }).map((glyphs) => glyphs.join("")),
  style: fc.constantFrom(...STYLES),
});
/** The emulator has two columns at least. */
const size = fc.record({
  columns: fc.integer({ min: 2, max: 40 }),
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
  "getBgColor",
];

/** Of a blank only these show. */
const SHOWN_BY_BLANKS: readonly string[] = [
  "isInverse",
  "isUnderline",
  "getBgColor",
];

/** Glyph and attributes of every cell, as the terminal shows them. */
function shownCells(xterm: XTerm): readonly string[] {
  const cells: string[] = [];
  for (let y = 0; y < xterm.rows; y++) {
    const line = xterm.buffer.active.getLine(y)!;
    for (let x = 0; x < xterm.cols; x++) {
      const cell = line.getCell(x)!;
      const glyph = cell.getWidth() === 0 ? "" : cell.getChars() || " ";
      const seen = glyph === " " ? SHOWN_BY_BLANKS : ATTRIBUTES;
      const look = seen.map((name) =>
        Number((cell as unknown as Record<string, () => number>)[name]!()),
      );
      cells.push(`${glyph} ${look.join(",")}`);
    }
  }
  return cells;
}

/** The same of a frame: painted on a terminal cell by cell, with nothing left out. */
async function expectedCells(frame: Frame): Promise<readonly string[]> {
  const xterm = await openXTerm(frame.columns, frame.lines.length);
  const paint = createPaint(themeOf("auto", null, 2));
  let text = "";
  frame.lines.forEach(({ glyphs, styles }, y) =>
    glyphs.forEach((glyph, x) => {
      if (glyph !== "")
        text += `\x1b[${y + 1};${x + 1}H${paint(styles[x]!, glyph)}`;
    }),
  );
  await feed(xterm, text);
  const cells = shownCells(xterm);
  xterm.dispose();
  return cells;
}

/** Shows one frame after the other on a terminal that held something else, and looks at each. */
async function showAll(
  columns: number,
  rows: number,
  frames: readonly Frame[],
): Promise<void> {
  const xterm = await openXTerm(columns, rows);
  await feed(xterm, "left over from a shell ".repeat(9));
  let before: Painted | null = null;
  for (const frame of frames) {
    const { text, after } = diffFrames(before, frame, SGR);
    await feed(xterm, text);
    expect(shownCells(xterm)).toEqual(await expectedCells(frame));
    expect(SGR.showsBlanks(after.style)).toBe(false);
    before = after;
  }
  xterm.dispose();
}

/** The bytes that lead to a frame from one that was shown on a terminal that is plain after it. */
const changes = (before: Frame, after: Frame, sgr = SGR): string =>
  diffFrames({ frame: before, style: "plain" }, after, sgr).text;

/** Different rows in a list, and how a list changes: some go away, others appear, among them some that are there. */
const POOL = 16;
const edit = fc.record({
  at: fc.integer({ min: 0, max: POOL }),
  removed: fc.integer({ min: 0, max: 4 }),
  inserted: fc.array(fc.integer({ min: 0, max: POOL - 1 }), { maxLength: 4 }),
});

function applyEdit(
  list: number[],
  {
    at,
    removed,
    inserted,
  }: { at: number; removed: number; inserted: number[] },
): number[] {
  return [...list.slice(0, at), ...inserted, ...list.slice(at + removed)];
}

/** A list between two fixed lines, with something that does not move with it in its last column. */
function drawList(
  columns: number,
  rows: number,
  list: readonly number[],
  pool: readonly (readonly Put[])[],
  overlay: readonly Put[],
): Frame {
  const canvas = new Canvas(columns, rows, true);
  canvas.fill(0, columns, 0, "title");
  for (let y = 1; y < rows - 1; y++) {
    const index = list[y - 1];
    if (index === undefined) break;
    const line = drawLine(columns, true, `row ${index}`, (row) => {
      // In real lists, too, many cells are the same from row to row.
      row.put(1, 0, "be/4 root", "plain");
      for (const { x, text, style } of pool[index]!)
        if (x < columns) row.put(x, 0, text, style);
    });
    canvas.place(y, line);
    canvas.put(columns - 1, y, y % 3 === 0 ? "█" : " ", "faint");
  }
  canvas.put(0, rows - 1, "h help", "faint");
  for (const { x, y, text, style } of overlay)
    if (x < columns) canvas.put(x, y, text, style);
  return canvas;
}

/** Graphs that grow at the right, one cell a step, between a number and a name. */
function drawGraphs(
  columns: number,
  rows: number,
  histories: readonly string[],
  step: number,
  names: readonly Put[],
): Frame {
  const canvas = new Canvas(columns, rows, true);
  histories.forEach((history, y) => {
    const cells = Math.max(0, columns - 10);
    canvas.put(0, y, `${step}`, "faint");
    canvas.put(3, y, history.slice(step, step + cells), "plain", 3 + cells);
    canvas.put(columns - 6, y, ` name${y}`, "plain");
  });
  for (const { x, y, text, style } of names)
    if (x < columns) canvas.put(x, y, text, style);
  return canvas;
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
          await showAll(
            columns,
            rows,
            pictures.map((puts) => draw(columns, rows, puts)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("move rows that moved, and show the next frame just as well", async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.array(fc.array(put, { maxLength: 3 }), {
          minLength: POOL,
          maxLength: POOL,
        }),
        fc.array(fc.array(edit, { maxLength: 4 }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.array(put, { maxLength: 3 }),
        async ({ columns, rows }, pool, steps, overlay) => {
          let list = pool.map((_, i) => i);
          const pictures = steps.map((edits) => {
            list = edits.reduce(applyEdit, list);
            return drawList(columns, rows, list, pool, overlay);
          });
          await showAll(columns, rows, pictures);
        },
      ),
      { numRuns: 120 },
    );
  });

  test("move graphs, and show the next frame just as well", async () => {
    const value = fc.constantFrom(..." ⣿⣷⢸⡇▂▅");
    const history = fc
      .array(value, { minLength: 50, maxLength: 50 })
      .map((values) => values.join(""));
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.array(history, { minLength: 1, maxLength: 12 }),
        fc.array(put, { maxLength: 2 }),
        async ({ columns, rows }, histories, names) => {
          await showAll(
            columns,
            rows,
            [0, 1, 2, 3, 4].map((step) =>
              drawGraphs(columns, rows, histories, step, names),
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("move a long graph by one cell", () => {
    const history = "⣿⣷⢸⡇".repeat(12);
    const frames = [0, 1].map((step) => drawGraphs(40, 1, [history], step, []));
    const text = changes(frames[0]!, frames[1]!);
    expect(text).toStartWith("\x1b[;4H\x1b[P");
    expect(text).toEndWith("\x1b[38;5;245m1");
    expect(Buffer.byteLength(text)).toBeLessThan(60);
  });

  test("no glyph with a disputed width moves its neighbours, nor leaves a trace", async () => {
    const disputed = ["👨‍👩‍👧", "🇩🇪", "☺️", "🏳️‍🌈", "क्षि", "\u{1fae0}", "ﷺ"];
    for (const text of disputed) {
      const xterm = await openXTerm(20, 2);
      const sgr = createSgr(createPaint(themeOf("auto", null, 0)));
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
      await feed(xterm, diffFrames(null, first, sgr).text);
      await feed(xterm, changes(first, second, sgr));
      expect(line(0, 4)).toBe("RIGHT");
      expect(line(0, 0)).not.toMatch(/[0-9]/);
      expect(line(1, 0)).toBe("below");
      await feed(xterm, changes(second, third, sgr));
      expect(line(0, 0)).toBe("    RIGHT");
      expect(line(1, 0)).toBe("");
      xterm.dispose();
    }
  });

  test("are none when nothing changed, and few when little did", () => {
    const lines = (rate: string, other: string): Canvas =>
      draw(120, 40, [
        { x: 0, y: 5, text: `dd  ${rate} M/s`, style: "plain" },
        { x: 60, y: 6, text: other, style: "faint" },
      ]);
    const before = lines("20.13", "0.00");
    expect(changes(before, lines("20.13", "0.00"))).toBe("");
    expect(changes(before, lines("20.15", "0.00"))).toBe("\x1b[6;9H5");
    expect(changes(before, lines("21.14", "0.01"))).toBe(
      "\x1b[6;6H1.14\x1b[7;64H\x1b[38;5;245m1",
    );
  });

  test("take the style over from the frame before, if no blank would show it", () => {
    const clock = (second: string, style: Style): Frame =>
      draw(20, 2, [
        { x: 0, y: 0, text: "plain", style: "plain" },
        { x: 0, y: 1, text: second, style },
      ]);
    const texts = (style: Style): readonly string[] => {
      let before: Painted = { frame: clock("1", style), style: "plain" };
      return ["2", "3"].map((second) => {
        const { text, after } = diffFrames(before, clock(second, style), SGR);
        before = after;
        return text;
      });
    };
    expect(texts("faint")).toEqual(["\x1b[2H\x1b[38;5;245m2", "\x1b[2H3"]);
    expect(texts("help")).toEqual([
      "\x1b[2H\x1b[7m2\x1b[m",
      "\x1b[2H\x1b[7m3\x1b[m",
    ]);
    // Where the content is unknown, so is the style.
    const { text } = diffFrames(null, clock("4", "plain"), SGR);
    expect(text).toContain("\x1b[m\x1b[2J\x1b[Hplain");
  });

  test("switch to each style once, from the one that the terminal has", () => {
    const table = (digit: string): Frame =>
      draw(
        40,
        5,
        [0, 1, 2, 3, 4].flatMap((y) => [
          { x: 0, y, text: digit, style: "plain" },
          { x: 9, y, text: digit, style: "faint" },
          { x: 19, y, text: digit, style: "strong" },
        ]),
      );
    const before: Painted = { frame: table("1"), style: "faint" };
    const { text, after } = diffFrames(before, table("2"), SGR);
    expect(text.match(/\x1b\[[\d;]*m/g)).toEqual(["\x1b[m", "\x1b[1m"]);
    expect(after.style).toBe("strong");
  });

  test("insert a row above thirty others, take it away again, and swap the ends", () => {
    const list = (ids: readonly number[]): Frame => {
      const canvas = new Canvas(120, 40, true);
      ids.forEach((id, i) => {
        const text = `${id} root 0.00 B/s some-command-${id}`;
        canvas.place(
          i + 4,
          drawLine(120, true, String(id), (row) =>
            row.put(0, 0, text, "faint"),
          ),
        );
      });
      return canvas;
    };
    const ids = Array.from({ length: 30 }, (_, i) => 1000 + i);
    const before = list(ids);
    const inserted = changes(before, list([7, ...ids]));
    expect(inserted).toContain("\x1b[5H\x1b[L");
    expect(inserted.length).toBeLessThan(80);
    const removed = changes(before, list(ids.slice(2)));
    expect(removed).toBe("\x1b[;34r\x1b[5H\x1b[2M\x1b[r");
    const swapped = [ids[29]!, ...ids.slice(1, 29), ids[0]!];
    expect(changes(before, list(swapped)).length).toBeLessThan(60);
    const lastFirst = [ids[29]!, ...ids.slice(0, 29)];
    const moved = changes(before, list(lastFirst));
    // Without it, the blank rows below the list would move as well.
    expect(moved).toContain("\x1b[;34r\x1b[5H\x1b[L\x1b[r");
    expect(moved.length).toBeLessThan(90);
  });

  test("of a whole screen hold no newline, and stand in synchronized-output marks", () => {
    fc.assert(
      fc.property(
        size,
        fc.array(put, { maxLength: 10 }),
        ({ columns, rows }, puts) => {
          const { text } = diffFrames(null, draw(columns, rows, puts), SGR);
          expect(text).not.toContain("\n");
          expect(text).toStartWith("\x1b[?2026h");
          expect(text).toEndWith("\x1b[?2026l");
        },
      ),
    );
  });
});
