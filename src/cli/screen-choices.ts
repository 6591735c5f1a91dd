/** What the command line and the settings file say together about the screen. Pure. */
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../model/options/screen-settings.ts";
import {
  parseSettings,
  type SettingsFile,
} from "../model/options/setting-lines.ts";
import type { Arguments } from "./arguments.ts";

export interface ScreenChoices {
  readonly screen: ScreenSettings;
  /** What of the file is not used, and why; null if all is. */
  readonly notice: string | null;
}

/** The command line alone: for all outputs but the screen. */
export function choicesOf({ applyScreen }: Arguments): ScreenSettings {
  return applyScreen(DEFAULT_SCREEN);
}

/** The settings file, and over it the command line. */
export function choicesWith(
  { applyScreen }: Arguments,
  { path, text, flaw }: SettingsFile,
): ScreenChoices {
  const file = parseSettings(text);
  const notice =
    flaw !== null
      ? `${path} is not used: ${flaw}`
      : file.flaw !== null
        ? `${path}, ${file.flaw}: not used`
        : null;
  return { screen: applyScreen(file.apply(DEFAULT_SCREEN)), notice };
}
