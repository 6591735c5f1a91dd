import { describe, expect, test } from "bun:test";
import { initialState } from "../../../../outputs/screen/state.ts";
import {
  glyphsFor,
  settingsOf,
} from "../../../../outputs/screen/settings/saved.ts";
import { HIDDEN } from "../../../../outputs/screen/table/slots.ts";
import { SCREEN_OPTIONS } from "../../../../src/model/options/screen-options.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../../../../src/model/options/screen-settings.ts";
import { settingLines } from "../../../../src/model/options/setting-lines.ts";
import { viewOf } from "../../../../src/model/options/screen-view.ts";

const VALUES: Readonly<Record<string, string>> = {
  filter: "^dd",
  sort: "-command",
  by: "unit",
  disks: "all",
  ended: "each",
  grtype: "sw",
  glyphs: "braille",
  theme: "light",
  "help-type": "win",
  delay: "2",
  threshold: "3",
};

const optioned = SCREEN_OPTIONS.map((option): [string, ScreenSettings] => [
  option.name,
  option.kind === "switch"
    ? option.set(DEFAULT_SCREEN, true)
    : (option.set(DEFAULT_SCREEN, VALUES[option.name]!) as ScreenSettings),
]);

/** Of columns that are shown only if they are asked for. */
const HIDDEN_ANYHOW = new Set([...HIDDEN].map((id) => `#: --hide-${id}`));

/** As a screen that is opened with them has them, and no key was pressed. */
function savedOf(screen: ScreenSettings, unicode = true): ScreenSettings {
  const state = initialState(
    viewOf(screen),
    glyphsFor(screen, unicode),
    screen,
  );
  return settingsOf(
    state,
    { screen, colorLevel: 2 },
    unicode,
    screen.intervalMs,
  );
}

describe("a screen that nobody touches saves what it was opened with:", () => {
  test.each(optioned)("--%s", (_, screen) => {
    const saved = savedOf(screen);
    expect(settingLines(saved)).toEqual(
      settingLines(screen).filter((line) => !HIDDEN_ANYHOW.has(line)),
    );
  });
});

test("what the terminal decides is not saved: its glyphs, and that it has no colours", () => {
  expect(savedOf(DEFAULT_SCREEN, false).glyphs).toBe("auto");
  const state = {
    ...initialState(viewOf(DEFAULT_SCREEN), "ascii"),
    colors: false,
  };
  const run = { screen: DEFAULT_SCREEN, colorLevel: 0 } as const;
  expect(settingsOf(state, run, true, 1000)).toMatchObject({
    color: true,
    glyphs: "ascii",
  });
  expect(settingsOf(state, { ...run, colorLevel: 1 }, true, 1000).color).toBe(
    false,
  );
});
