import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  COLOR_THEMES,
  MONO,
  STYLES,
} from "../../../../outputs/screen/cells/theme-tables.ts";
import {
  CONSOLE_16,
  XTERM_16,
  contrast,
  shownColors,
  type Surface,
} from "../../../support/screen/contrast.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

const DARK: Surface = {
  text: [229, 229, 229],
  ground: [0, 0, 0],
  sixteen: XTERM_16,
};
const LIGHT: Surface = {
  text: [0, 0, 0],
  ground: [255, 255, 255],
  sixteen: XTERM_16,
};
const { dark, light } = COLOR_THEMES;

describe("the contrast of every style", () => {
  test.each([
    ["dark", dark.many, DARK],
    ["dark, on the dark grey of editors", dark.many, dusk()],
    ["light", light.many, LIGHT],
    ["dark with sixteen colours", dark.few, DARK],
    ["dark on the console", dark.few, { ...DARK, sixteen: CONSOLE_16 }],
    ["light with sixteen colours", light.few, LIGHT],
    ["light with those of the console", light.few, consoleLight()],
    ["no colours, dark", MONO, DARK],
    ["no colours, light", MONO, LIGHT],
  ])("%s", (_, theme, surface) => {
    for (const style of STYLES) {
      const ratio = contrast(...shownColors(theme[style], surface));
      const least = style.endsWith("faint") ? 3 : 4.5;
      expect(ratio, style).toBeGreaterThanOrEqual(least);
    }
  });

  function dusk(): Surface {
    return { ...DARK, ground: [30, 30, 30] };
  }
  function consoleLight(): Surface {
    return { ...LIGHT, sixteen: CONSOLE_16 };
  }

  test("the bar of the selected row can be seen", () => {
    for (const [theme, { ground }] of [
      [dark.many, DARK],
      [light.many, LIGHT],
    ] as const) {
      const [, bar] = shownColors(theme.selected, { ...DARK, ground });
      expect(bar).not.toEqual(ground);
    }
  });
});

/** Numbers of the palette that any cell has, and whether any has a ground of its own. */
function inksOf({ xterm }: ScreenHarness): ReadonlySet<number> {
  const inks = new Set<number>();
  for (let y = 0; y < xterm.rows; y++)
    for (let x = 0; x < xterm.cols; x++) {
      const cell = xterm.buffer.active.getLine(y)!.getCell(x)!;
      if (!cell.isFgDefault()) inks.add(cell.getFgColor());
      if (!cell.isBgDefault()) inks.add(cell.getBgColor());
    }
  return inks;
}

/** Cyan and yellow, plain and bright. */
const TOO_BRIGHT = [3, 6, 11, 14];

describe("on the screen", () => {
  const setup = { columns: 120, rows: 24 } as const;

  test("a light background with sixteen colours has no cyan and no yellow", async () => {
    await using screen = await ScreenHarness.open({
      ...setup,
      colorLevel: 1,
      background: "light",
    });
    await screen.show(busySample());
    await screen.type("j");
    const inks = inksOf(screen);
    expect(inks.size).toBeGreaterThan(1);
    for (const ink of inks) expect(TOO_BRIGHT).not.toContain(ink);
  });

  test("no colour byte without colours, and the same text", async () => {
    await using screen = await ScreenHarness.open({ ...setup, colorLevel: 0 });
    await using other = await ScreenHarness.open({ ...setup, colorLevel: 2 });
    await screen.show(busySample());
    await other.show(busySample());
    const typed = await screen.type("j");
    expect(typed).toEqual(await other.type("j"));
    const codes = [...screen.prints.join("").matchAll(/\x1b\[([\d;]*)m/g)];
    for (const [, code] of codes)
      expect(code).toMatch(/^(?:(?:|[0124]|7|2[247])(?:;|$))*$/);
    expect(inksOf(screen).size).toBe(0);
  });

  test("n goes through the themes, l takes colours away and gives them back", async () => {
    await using screen = await ScreenHarness.open({
      ...setup,
      colorLevel: 2,
      background: "light",
    });
    await screen.show(busySample());
    const seen = [];
    for (let i = 0; i < 5; i++) {
      seen.push([...inksOf(screen)].sort((a, b) => a - b));
      await screen.type("n");
    }
    const [auto, darkInks, lightInks, mono, again] = seen;
    expect(lightInks).toEqual(auto!);
    expect(darkInks).toContain(245);
    expect(lightInks).toContain(242);
    expect(mono).toEqual([]);
    expect(again).toEqual(auto!);
    await screen.type("l");
    expect(inksOf(screen).size).toBe(0);
    await screen.type("l");
    expect(inksOf(screen)).toContain(245);
  });

  test("the selected row keeps its colours", async () => {
    await using screen = await ScreenHarness.open({ ...setup, colorLevel: 2 });
    await screen.show(busySample());
    const before = inksOf(screen);
    await screen.type("j");
    expect(inksOf(screen)).toEqual(new Set([...before, 18]));
  });
});
