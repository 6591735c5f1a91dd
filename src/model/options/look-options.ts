/** Options of the screen alone. */
import {
  choice,
  choose,
  lineIf,
  mustBe,
  type ScreenOption,
} from "./screen-option.ts";
import { DEFAULT_SCREEN, type ScreenSettings } from "./screen-settings.ts";

type GraphSource = ScreenSettings["graphSource"];

/** The words of iotop-c for what graphs show, and ours. */
const GRAPH_WORDS: ReadonlyMap<string, GraphSource> = new Map([
  ["io", "io"],
  ["r", "read"],
  ["w", "write"],
  ["rw", "rw"],
  ["sw", "swapin"],
]);

function parseGraphSource(text: string): GraphSource | null {
  const word = choose([...GRAPH_WORDS.keys()], text);
  return GRAPH_WORDS.get(word ?? "") ?? choose([...GRAPH_WORDS.values()], text);
}

function graphWordOf(source: GraphSource): string {
  return [...GRAPH_WORDS].find(([, each]) => each === source)![0];
}

const HELP_TYPES = ["none", "win", "inline"] as const;

export const LOOK_OPTIONS: readonly ScreenOption[] = [
  {
    kind: "switch",
    name: "tree",
    subject: "screen",
    about:
      "show each process with its active threads below it, which is the default",
    set: (settings, on) => ({ ...settings, mode: on ? "tree" : "threads" }),
  },
  choice("disks", {
    name: "disks",
    valueHint: "WHICH",
    about:
      "show lines for the busiest disks, all disks or no disks: busiest, all, none",
  }),
  choice("ended", {
    name: "ended",
    valueHint: "HOW",
    about: "how to show tasks that have exited: grouped, each, hidden",
  }),
  {
    kind: "switch",
    name: "hide-exited",
    letter: "e",
    off: ["show-exited"],
    subject: "screen",
    isShared: true,
    about: "hide tasks that have exited",
    set: (settings, on) => ({ ...settings, ended: on ? "hidden" : "grouped" }),
  },
  {
    kind: "value",
    name: "grtype",
    letter: "g",
    valueHint: "TYPE",
    default: graphWordOf(DEFAULT_SCREEN.graphSource),
    words: [...GRAPH_WORDS.keys()],
    subject: "screen",
    isShared: true,
    about:
      "what graphs show: io (waits for I/O), r, w or rw (bytes read, written, or both), sw (waits for swapping)",
    set: (settings, text) => {
      const graphSource = parseGraphSource(text);
      return graphSource === null
        ? mustBe([...GRAPH_WORDS.keys()])
        : { ...settings, graphSource };
    },
    line: ({ graphSource }) =>
      graphSource === DEFAULT_SCREEN.graphSource
        ? null
        : `grtype=${graphWordOf(graphSource)}`,
  },
  choice("glyphs", {
    name: "glyphs",
    valueHint: "KIND",
    about:
      "how to draw graphs and lines: auto (Unicode, or ASCII if the terminal cannot show it), braille, blocks, ascii",
    line: ({ glyphs }) =>
      glyphs === "auto" || glyphs === "ascii" ? null : `glyphs=${glyphs}`,
  }),
  {
    kind: "switch",
    name: "ascii",
    off: ["unicode"],
    subject: "screen",
    isShared: true,
    about: "the same as --glyphs ascii",
    set: (settings, on) => ({ ...settings, glyphs: on ? "ascii" : "auto" }),
    line: lineIf("ascii", ({ glyphs }) => glyphs === "ascii"),
  },
  choice("theme", {
    name: "theme",
    valueHint: "NAME",
    about:
      "colors: auto (for the background of the terminal), dark, light, mono",
  }),
  {
    kind: "switch",
    name: "inverse",
    letter: "N",
    subject: "screen",
    about: "the same as --theme light",
    set: (settings, on) => ({ ...settings, theme: on ? "light" : "auto" }),
  },
  {
    kind: "switch",
    name: "color",
    off: ["l"],
    isOnByDefault: true,
    subject: "screen",
    isShared: true,
    about: "use no colors; NO_COLOR does the same",
    set: (settings, on) => ({ ...settings, color: on }),
    line: lineIf("no-color", ({ color }) => !color),
  },
  {
    kind: "switch",
    name: "hide-time",
    letter: "T",
    off: ["show-time"],
    subject: "screen",
    about: "hide the clock",
    set: (settings, on) => ({ ...settings, clock: !on }),
    line: lineIf("hide-time", ({ clock }) => !clock),
  },
  {
    kind: "value",
    name: "help-type",
    letter: "H",
    valueHint: "TYPE",
    words: HELP_TYPES,
    subject: "screen",
    isShared: true,
    about:
      "help at the start: none, win (a window over the list), or inline (hints in the last line), which is the default",
    set: (settings, text) => {
      const type = choose(HELP_TYPES, text);
      return type === null
        ? mustBe(HELP_TYPES)
        : { ...settings, help: type === "win", hints: type !== "none" };
    },
    line: lineIf("help-type=win", ({ help }) => help),
  },
  {
    kind: "switch",
    name: "hints",
    off: ["no-help"],
    isOnByDefault: true,
    subject: "screen",
    about: "show no hints about keys",
    set: (settings, on) => ({ ...settings, hints: on }),
    line: lineIf("no-hints", ({ hints }) => !hints),
  },
  {
    kind: "switch",
    name: "mouse",
    subject: "screen",
    about:
      "let iotop take clicks and the wheel; without it, the mouse selects text in the terminal",
    set: (settings, on) => ({ ...settings, mouse: on }),
    line: lineIf("mouse", ({ mouse }) => mouse),
  },
  {
    kind: "switch",
    name: "readonly",
    subject: "screen",
    about:
      "let no key change a task or the kernel; setting IOTOP_NO_RENICE does the same",
    set: (settings, on) => ({ ...settings, readonly: on }),
    line: lineIf("readonly", ({ readonly }) => readonly),
  },
];
