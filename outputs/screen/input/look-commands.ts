/** The keys that choose how things look. */
import { SCREEN_CHOICES } from "../../../src/model/index.ts";
import { THEMES } from "../cells/theme.ts";
import { GRAPH_GLYPHS } from "../graphs/graph.ts";
import { GRAPH_SOURCES, SOURCE_TITLES } from "../graphs/row-history.ts";
import type { Action, KeyCommand } from "./key-command.ts";
import { after, before } from "./state-changes.ts";

/** How far a key moves the arguments. */
const COMMAND_STEP_CELLS = 16;

const onOff = (on: boolean): string => (on ? "on" : "off");

const graphSource =
  (choose: typeof after): Action =>
  (state) => ({
    ...state,
    graphSource: choose(GRAPH_SOURCES, state.graphSource),
  });

/** As far as the longest command on the screen has any arguments left; from farther on, back to there at once. */
const moveCommands =
  (step: 1 | -1): Action =>
  (state, { argumentCells, indexes }) => {
    const steps = Math.ceil(argumentCells(indexes) / COMMAND_STEP_CELLS);
    const last = Math.max(0, steps - 1) * COMMAND_STEP_CELLS;
    const wanted =
      Math.min(state.commandOffset, last) + step * COMMAND_STEP_CELLS;
    const commandOffset = Math.max(0, Math.min(wanted, last));
    return commandOffset === state.commandOffset
      ? state
      : { ...state, commandOffset };
  };

const toggleMouse: Action = (state) => ({
  act({ terminal }) {
    const mouse = !state.mouse;
    terminal?.setMouse(mouse);
    return {
      state: { ...state, mouse },
      message: mouse
        ? "mouse: clicks select and sort; m gives it back"
        : "mouse: selects text",
    };
  },
});

export const LOOK_COMMANDS: readonly KeyCommand[] = [
  {
    press: { c: (state) => ({ ...state, fullCommand: !state.fullCommand }) },
    about: "full command line, or name",
    now: ({ fullCommand }) => (fullCommand ? "command line" : "name"),
  },
  {
    press: {
      "<": moveCommands(-1),
      ">": moveCommands(1),
    },
    about: "scroll the arguments back or forward",
    now: ({ commandOffset }) =>
      commandOffset === 0 ? "beginning" : `from ${commandOffset}`,
  },
  {
    press: { g: graphSource(after), G: graphSource(before) },
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
      d: (state) => ({
        ...state,
        disks: after(SCREEN_CHOICES.disks, state.disks),
      }),
    },
    about: "lines for the busiest disk, all disks or none",
    now: ({ disks }) => disks,
  },
  {
    press: { T: (state) => ({ ...state, clock: !state.clock }) },
    about: "show the clock",
    now: ({ clock }) => onOff(clock),
  },
  {
    press: {
      n: (state) => ({ ...state, theme: after(THEMES, state.theme) }),
    },
    about: "colors for a dark or a light background, or none",
    now: ({ theme }) => theme,
  },
  {
    press: { l: (state) => ({ ...state, colors: !state.colors }) },
    about: "use colors",
    now: ({ colors }) => onOff(colors),
  },
  {
    press: { m: toggleMouse },
    about: "mouse for clicks; if off, it selects text",
    now: ({ mouse }) => onOff(mouse),
  },
];
