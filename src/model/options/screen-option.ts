/** How an option of the screen is declared: for the command line, its help, and the settings file. */
import { SCREEN_CHOICES, type ScreenSettings } from "./screen-settings.ts";

interface AnyScreenOption {
  /** The long name. */
  readonly name: string;
  readonly letter?: string;
  /** Other long names, of earlier versions. */
  readonly also?: readonly string[];
  /**
   * "view": what every table of the run shows. "screen": the screen alone. "pace": how often there is a sample.
   * "inert": it has no effect, and is accepted because other iotops have it.
   */
  readonly subject: "view" | "screen" | "pace" | "inert";
  /** For the help: what it does; units and ranges are part of it. */
  readonly about: string;
  /**
   * The line of the settings file that says what is set, without dashes; null if nothing needs to be said. Absent if
   * another option says it.
   */
  readonly line?: (settings: ScreenSettings) => string | null;
  /** Every iotop-c that has a settings file takes it, so that the line can be read by both. */
  readonly isShared?: boolean | ((settings: ScreenSettings) => boolean);
  /** Options that differ in one word only have one line in the help. */
  readonly family?: "columns";
}

export interface ScreenSwitch extends AnyScreenOption {
  readonly kind: "switch";
  /** The help names only the spellings that turn it off; `about` says what those do. */
  readonly isOnByDefault?: true;
  /** Names and letters that turn it off, besides its own name after "no-". */
  readonly off?: readonly string[];
  set(settings: ScreenSettings, on: boolean): ScreenSettings;
}

export interface ScreenValue extends AnyScreenOption {
  readonly kind: "value";
  readonly valueHint: string;
  /** What is set without it, for the help. */
  readonly default?: string;
  /** The words to choose from, if there are few: shells offer them. */
  readonly words?: readonly string[];
  /** The settings with the value, or what a value must be, beginning with "must be". */
  set(settings: ScreenSettings, value: string): ScreenSettings | string;
}

export type ScreenOption = ScreenSwitch | ScreenValue;

/** A setting of few values; the beginning of one is enough where no other begins so. */
export function choose<T extends string>(
  values: readonly T[],
  text: string,
): T | null {
  if ((values as readonly string[]).includes(text)) return text as T;
  const [only, another] = values.filter((value) => value.startsWith(text));
  return only === undefined || another !== undefined ? null : only;
}

export const mustBe = (values: readonly string[]): string =>
  `must be one of ${values.join(", ")}`;

type Choices = typeof SCREEN_CHOICES;

/** An option that takes the values of a setting. */
export function choice<K extends keyof Choices>(
  setting: K,
  more: Pick<ScreenValue, "name" | "valueHint" | "about"> &
    Partial<ScreenValue>,
): ScreenValue {
  const values: readonly string[] = SCREEN_CHOICES[setting];
  return {
    kind: "value",
    subject: "screen",
    default: values[0]!,
    words: values,
    set: (settings, text) => {
      const value = choose(values, text);
      return value === null
        ? mustBe(values)
        : { ...settings, [setting]: value };
    },
    line: (settings) =>
      settings[setting] === values[0]
        ? null
        : `${more.name}=${settings[setting]}`,
    ...more,
  };
}

/** Turns one way of summing on or off; off leaves any other way as it is. */
export const setSums =
  (sums: ScreenSettings["sums"]) =>
  (settings: ScreenSettings, on: boolean): ScreenSettings => {
    if (on) return { ...settings, sums };
    return settings.sums === sums ? { ...settings, sums: "rates" } : settings;
  };

/** A line of one word, if it is to be said. */
export const lineIf =
  (word: string, says: (settings: ScreenSettings) => boolean) =>
  (settings: ScreenSettings): string | null =>
    says(settings) ? word : null;
