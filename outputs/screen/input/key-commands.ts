/**
 * What each key does, with its text in the help. A key is one entry of these lists: the help on the screen, that of the
 * command line and the manual are made from them. Pure.
 */
import { COLUMN_COMMANDS } from "./column-commands.ts";
import type { HitMap } from "./hit-map.ts";
import type { Action, KeyCommand } from "./key-command.ts";
import type { Key } from "./key-parser.ts";
import { CURSOR_COMMANDS, LIST_COMMANDS, WHEEL_ROWS } from "./list-commands.ts";
import { LOOK_COMMANDS } from "./look-commands.ts";
import type { Outcome } from "./outcome.ts";
import { PACE_COMMANDS } from "./pace-commands.ts";
import { pressInPrompt } from "./prompts/index.ts";
import { click, move } from "./state-changes.ts";
import { SETTINGS_KEYS } from "../settings/settings-keys.ts";
import type { ScreenState } from "../state.ts";
import { TASK_COMMANDS } from "./task-commands.ts";
import {
  GROUP_COMMANDS,
  PAST_COMMANDS,
  SUMS_COMMANDS,
} from "./time-commands.ts";

const showHelp: Action = (state) => ({
  ...state,
  help: !state.help,
  helpTop: 0,
});

const OWN_COMMANDS: readonly KeyCommand[] = [
  {
    press: { "?": showHelp, h: showHelp },
    about: "help: all keys and settings",
    isBasic: true,
  },
  { press: { q: () => "quit" }, about: "quit", isBasic: true },
  {
    press: { redraw: () => "redraw" },
    label: "ctrl-l",
    about: "draw the screen again",
  },
];

/** In the order of the help. */
export const KEY_SECTIONS: readonly {
  readonly title: string;
  readonly commands: readonly KeyCommand[];
}[] = [
  { title: "The program", commands: OWN_COMMANDS },
  {
    title: "Which tasks, in which order",
    commands: [...LIST_COMMANDS, ...GROUP_COMMANDS],
  },
  { title: "One task", commands: [...CURSOR_COMMANDS, ...TASK_COMMANDS] },
  {
    title: "Time",
    commands: [...SUMS_COMMANDS, ...PAST_COMMANDS, ...PACE_COMMANDS],
  },
  {
    title: "Columns and looks",
    commands: [...COLUMN_COMMANDS, ...LOOK_COMMANDS],
  },
  { title: "Settings", commands: SETTINGS_KEYS },
];

export const KEY_COMMANDS = KEY_SECTIONS.flatMap(({ commands }) => commands);

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  KEY_COMMANDS.flatMap(({ press }) => Object.entries(press)),
);

/** Names in the help that differ from the parser's. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  " ": "space",
  "page-up": "pgup",
  "page-down": "pgdn",
  escape: "esc",
};

/** "left right". */
export function keysOf({ press, label }: KeyCommand): string {
  const names = Object.keys(press).map((key) => SHORT_NAMES[key] ?? key);
  return label ?? names.join(" ");
}

export function pressKey(state: ScreenState, key: Key, hits: HitMap): Outcome {
  const { prompt } = state;
  if (prompt !== null) return pressInPrompt(prompt, key, state, hits);
  switch (key.type) {
    case "character": {
      const { character } = key;
      const isKey = ACTIONS.has(character);
      return press(state, isKey ? character : character.toLowerCase(), hits);
    }
    case "named":
      return press(state, key.name, hits);
    case "click":
      return click(state, key.x, key.y, hits);
    case "wheel-up":
      return move(state, -WHEEL_ROWS, hits);
    case "wheel-down":
      return move(state, WHEEL_ROWS, hits);
  }
}

/** A key without an entry does nothing. */
function press(state: ScreenState, key: string, hits: HitMap): Outcome {
  return ACTIONS.get(key)?.(state, hits) ?? state;
}
