/** The keys that save all settings, and that bring back those that iotop has without any. */
import {
  DEFAULT_SCREEN,
  settingLines,
  viewOf,
  type OutputContext,
} from "../../../src/model/index.ts";
import type { KeyCommand } from "../input/key-command.ts";
import type { Outcome } from "../input/outcome.ts";
import { initialState, type ScreenState } from "../state.ts";
import { glyphsFor, settingsOf } from "./saved.ts";

function save(state: ScreenState): Outcome {
  return {
    act: (ctx) => ({ state, message: saveNow(state, ctx) }),
  };
}

function saveNow(
  state: ScreenState,
  { controls, run, terminal }: OutputContext,
): string {
  const file = controls?.settings ?? null;
  if (file === null)
    return "nothing is saved: the settings file has no home, or --no-config was given";
  const intervalMs = controls?.pace?.intervalMs ?? run.screen.intervalMs;
  const unicode = terminal?.unicode ?? false;
  const settings = settingsOf(state, run, unicode, intervalMs);
  return file.save(settingLines(settings)) ?? `saved in ${file.path}`;
}

/** -p and -u stay, and so does what is no setting: the cursor, the place in the list, a frozen sample. */
function reset(state: ScreenState): Outcome {
  return {
    act({ controls, run, terminal }) {
      controls?.pace?.setIntervalMs(DEFAULT_SCREEN.intervalMs);
      terminal?.setMouse(DEFAULT_SCREEN.mouse);
      const glyphs = glyphsFor(DEFAULT_SCREEN, terminal?.unicode ?? false);
      const view = viewOf(DEFAULT_SCREEN, run.view);
      const { selected, top, frozen, back, zeroings, graphSamples } = state;
      return {
        state: {
          ...initialState(view, glyphs, DEFAULT_SCREEN),
          ...{ selected, top, frozen, back, zeroings, graphSamples },
          colors: run.colorLevel > 0,
        },
        message: "all settings are back to the built-in ones",
      };
    },
  };
}

function toggleSi(state: ScreenState): ScreenState {
  const { view } = state;
  return { ...state, view: { ...view, si: !view.si } };
}

export const SETTINGS_KEYS: readonly KeyCommand[] = [
  {
    press: { b: toggleSi, "ctrl-b": toggleSi },
    about: "K of 1,024 bytes, or of 1,000",
    now: ({ view }) => (view.si ? "1,000" : "1,024"),
  },
  { press: { W: save }, about: "save all settings" },
  { press: { D: reset }, about: "go back to the built-in settings" },
];
