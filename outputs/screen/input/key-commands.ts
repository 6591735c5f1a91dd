/**
 * What each key does, with its text in the help. A key is one entry of this list: the help on the screen, that of the
 * command line and the README are made from it. Pure.
 */
import { SCREEN_CHOICES, columnById } from "../../../src/model/index.ts";
import { THEMES } from "../cells/theme.ts";
import { ENDED_MODES } from "../table/ended-modes.ts";
import { GRAPH_GLYPHS } from "../graphs/graph.ts";
import type { HitMap } from "./hit-map.ts";
import type { Action, KeyCommand } from "./key-command.ts";
import type { Key } from "./key-parser.ts";
import type { Outcome } from "./outcome.ts";
import { filterText, openFilter } from "./prompts/filter.ts";
import { openFind } from "./prompts/find.ts";
import { pressInPrompt } from "./prompts/index.ts";
import { GRAPH_SOURCES, SOURCE_TITLES } from "../graphs/row-history.ts";
import {
  after,
  click,
  move,
  neighbour,
  pageRows,
  sortBy,
  toggleSlot,
  toggleView,
} from "./state-changes.ts";
import { SETTINGS_KEYS } from "../settings/settings-keys.ts";
import {
  GROUP_COMMANDS,
  PAST_COMMANDS,
  SUMS_COMMANDS,
} from "./time-commands.ts";
import { TASK_COMMANDS } from "./task-commands.ts";
import { VIEW_MODES, withMode, type ScreenState } from "../state.ts";
import { HIDDEN, SLOT_KEYS, slotTitle, type SlotId } from "../table/slots.ts";

const WHEEL_ROWS = 3;

const onOff = (on: boolean): string => (on ? "on" : "off");
const showHelp: Action = (state) => ({
  ...state,
  help: !state.help,
  helpTop: 0,
});
const toggleMouse: Action = (state) => ({
  act({ terminal }) {
    const mouse = !state.mouse;
    terminal?.setMouse(mouse);
    return { state: { ...state, mouse }, message: null };
  },
});
const moveBy =
  (step: number): Action =>
  (state, hits) =>
    move(state, step, hits);

/** In the order of the help. Any other key redraws the screen. */
export const KEY_COMMANDS: readonly KeyCommand[] = [
  { press: { q: () => "quit" }, about: "quit", isBasic: true },
  {
    press: {
      left: (state) => sortBy(state, neighbour(state, -1)),
      right: (state) => sortBy(state, neighbour(state, 1)),
    },
    about: "sort by the next column to that side",
    now: (state) => slotTitle(state.sort, state),
    isBasic: true,
  },
  {
    press: { r: (state) => ({ ...state, descending: !state.descending }) },
    about: "reverse the order",
    now: ({ descending }) => (descending ? "descending" : "ascending"),
    isBasic: true,
  },
  {
    press: { o: (state) => toggleView(state, "only") },
    about: "show only tasks that read, write or wait",
    now: ({ view }) => onOff(view.only),
    isBasic: true,
  },
  {
    press: { p: (state) => withMode(state, after(VIEW_MODES, state.mode)) },
    about: "processes with their active threads, processes, or threads",
    now: ({ mode }) => mode,
    isBasic: true,
  },
  ...SUMS_COMMANDS,
  ...GROUP_COMMANDS,
  {
    press: { "/": openFind },
    about: "find tasks: show only those that match a regular expression",
    now: ({ view }) => view.filter?.text ?? "all",
  },
  {
    press: { f: openFilter },
    about: "filter: show only tasks of some users, with some ids or names",
    now: ({ view }) => filterText(view) || "all",
  },
  ...TASK_COMMANDS,
  {
    press: { c: (state) => ({ ...state, fullCommand: !state.fullCommand }) },
    about: "full command line, or name",
    now: ({ fullCommand }) => (fullCommand ? "command line" : "name"),
  },
  {
    press: {
      e: (state) => ({ ...state, ended: after(ENDED_MODES, state.ended) }),
    },
    about: "show tasks that ended, marked x",
    now: ({ ended }) => ended,
  },
  ...PAST_COMMANDS,
  {
    press: { up: moveBy(-1), down: moveBy(1), j: moveBy(1), k: moveBy(-1) },
    about: "move the cursor, which follows its task",
    isBasic: true,
  },
  {
    press: {
      "page-up": (state, hits) => move(state, -pageRows(state, hits), hits),
      "page-down": (state, hits) => move(state, pageRows(state, hits), hits),
    },
    about: `move the cursor by a page (mouse wheel: by ${WHEEL_ROWS})`,
  },
  {
    press: { home: moveBy(-Infinity), end: moveBy(Infinity) },
    about: "move the cursor to the first or the last row",
  },
  {
    press: {
      escape: (state) =>
        state.help
          ? { ...state, help: false }
          : state.details !== null
            ? { ...state, details: null }
            : { ...state, selected: null },
    },
    about: "close what is open, or let the cursor go",
  },
  {
    press: {
      d: (state) => ({
        ...state,
        disks: after(SCREEN_CHOICES.disks, state.disks),
      }),
    },
    about: "lines of the busiest disk, of all, or of none",
    now: ({ disks }) => disks,
  },
  {
    press: { T: (state) => ({ ...state, clock: !state.clock }) },
    about: "show the clock",
    now: ({ clock }) => onOff(clock),
  },
  {
    press: {
      g: (state) => ({
        ...state,
        graphSource: after(GRAPH_SOURCES, state.graphSource),
      }),
    },
    about: "choose what graphs show",
    now: ({ graphSource }) => SOURCE_TITLES[graphSource],
  },
  {
    press: {
      u: (state) => ({ ...state, graph: after(GRAPH_GLYPHS, state.graph) }),
    },
    about: "choose how graphs are drawn",
    now: ({ graph }) => graph,
  },
  {
    press: {
      n: (state) => ({ ...state, theme: after(THEMES, state.theme) }),
    },
    about: "colours for a dark or a light background, or none",
    now: ({ theme }) => theme,
  },
  {
    press: { l: (state) => ({ ...state, colors: !state.colors }) },
    about: "use colours",
    now: ({ colors }) => onOff(colors),
  },
  {
    press: { m: toggleMouse },
    about: "mouse: clicks select and sort, or it selects text",
    now: ({ mouse }) => onOff(mouse),
  },
  {
    press: {
      ...Object.fromEntries(
        [...SLOT_KEYS].map(([key, id]): [string, Action] => [
          key,
          (state) => toggleSlot(state, id),
        ]),
      ),
      "0": (state) => ({ ...state, hidden: HIDDEN }),
    },
    label: columnKeys(),
    about: "hide or show a column; 0 shows all",
    now: hiddenTitles,
  },
  ...SETTINGS_KEYS,
  {
    press: { "?": showHelp, h: showHelp },
    about: "help: all keys and settings (up and down scroll it)",
    isBasic: true,
  },
  { press: {}, label: "other", about: "redraw the screen" },
];

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
    case "character":
      return press(
        state,
        ACTIONS.has(key.character)
          ? key.character
          : key.character.toLowerCase(),
        hits,
      );
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

function press(state: ScreenState, key: string, hits: HitMap): Outcome {
  return ACTIONS.get(key)?.(state, hits) ?? "redraw";
}

/** "1 to 9", and the keys that are not digits. */
function columnKeys(): string {
  return [...SLOT_KEYS.keys()]
    .sort()
    .join(" ")
    .replace(/^(\d)(?: \d)* (\d)/, "$1 to $2");
}

function hiddenTitles({ hidden, view }: ScreenState): string {
  const titlesOf = (ids: ReadonlySet<SlotId>): string =>
    [...ids]
      .map((id) => (id === "graph" ? "GRAPH" : columnById(id).title(view)))
      .join(", ");
  const fewer = titlesOf(hidden.difference(HIDDEN));
  const more = titlesOf(HIDDEN.difference(hidden));
  return (
    [fewer && `hidden: ${fewer}`, more && `shown too: ${more}`]
      .filter((part) => part !== "")
      .join("; ") || "all shown"
  );
}
