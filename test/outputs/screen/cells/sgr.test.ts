import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createSgr } from "../../../../outputs/screen/cells/sgr.ts";
import {
  STYLES,
  createPaint,
  themeOf,
  type Style,
} from "../../../../outputs/screen/cells/theme.ts";
import { feed, openXTerm } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

/** How a terminal shows a letter: whatever was sent before it, this is what counts. */
async function lookOf(text: string): Promise<readonly unknown[]> {
  const xterm = await openXTerm(4, 1);
  await feed(xterm, text);
  const cell = xterm.buffer.active.getLine(0)!.getCell(0)!;
  const look = [
    cell.getChars(),
    cell.isBold(),
    cell.isDim(),
    cell.isInverse(),
    cell.isUnderline(),
    cell.getFgColorMode(),
    cell.getFgColor(),
    cell.getBgColorMode(),
    cell.getBgColor(),
  ];
  xterm.dispose();
  return look;
}

describe("a change of style", () => {
  test.each([0, 1, 2] as const)(
    "leads from each style to each other, with %d for colours",
    async (level) => {
      const paint = createPaint(themeOf("auto", null, level));
      const sgr = createSgr(paint);
      const plainTo = (style: Style): string => sgr.change("plain", style);
      for (const to of STYLES) {
        const expected = await lookOf(paint(to, "a"));
        for (const from of STYLES)
          expect(
            await lookOf(`${plainTo(from)}${sgr.change(from, to)}a`),
          ).toEqual(expected);
      }
    },
  );

  test("is never longer than to turn all off and the other on, and nothing if there is none", () => {
    const paint = createPaint(themeOf("auto", null, 2));
    const sgr = createSgr(paint);
    for (const from of STYLES)
      for (const to of STYLES) {
        const anew = "\x1b[0m" + paint(to, "\0").split("\0")[0]!;
        const change = sgr.change(from, to);
        expect(change.length).toBeLessThanOrEqual(anew.length);
        if (from === to) expect(change).toBe("");
      }
  });

  test("a blank shows inverse and underlined alone", () => {
    const sgr = createSgr(createPaint(themeOf("auto", null, 2)));
    const showing = STYLES.filter((style) => sgr.showsBlanks(style));
    expect(showing).toEqual([
      "title",
      "sorted-title",
      "help",
      "help-key",
      ...STYLES.filter((style) => style.startsWith("selected")),
    ]);
  });
});
