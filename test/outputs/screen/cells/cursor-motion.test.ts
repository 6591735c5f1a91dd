import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  moveCursor,
  placeCursor,
} from "../../../../outputs/screen/cells/cursor-motion.ts";
import { feed, openXTerm } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

const [COLUMNS, ROWS] = [130, 45];
const position = fc.record({
  x: fc.integer({ min: 0, max: COLUMNS - 1 }),
  y: fc.integer({ min: 0, max: ROWS - 1 }),
});

test("the cursor gets where it should, from anywhere, in at most 9 bytes", async () => {
  const xterm = await openXTerm(COLUMNS, ROWS);
  await fc.assert(
    fc.asyncProperty(position, position, async (from, to) => {
      const move = moveCursor(from, to);
      await feed(xterm, placeCursor(from) + move);
      const { cursorX: x, cursorY: y } = xterm.buffer.active;
      expect({ x, y }).toEqual(to);
      expect(move.length).toBeLessThanOrEqual(9);
      expect(move).toMatch(/^(?:\r|\x08|\x1b\[[\d;]*[A-DGHd])*$/);
      await feed(xterm, moveCursor(null, to));
      expect(xterm.buffer.active.cursorX).toBe(to.x);
    }),
  );
  xterm.dispose();
});

test.each([
  [{ x: 5, y: 3 }, { x: 5, y: 4 }, "\x1b[B"],
  [{ x: 5, y: 3 }, { x: 6, y: 3 }, "\x1b[C"],
  [{ x: 5, y: 3 }, { x: 3, y: 4 }, "\x1b[B\b\b"],
  [{ x: 9, y: 3 }, { x: 4, y: 3 }, "\x1b[5D"],
  [{ x: 5, y: 3 }, { x: 0, y: 3 }, "\r"],
  [{ x: 100, y: 3 }, { x: 20, y: 30 }, "\x1b[31;21H"],
  [null, { x: 0, y: 0 }, "\x1b[H"],
  [null, { x: 7, y: 0 }, "\x1b[;8H"],
  [null, { x: 0, y: 7 }, "\x1b[8H"],
])("%j to %j", (from, to, expected) => {
  expect(moveCursor(from, to)).toBe(expected);
});
