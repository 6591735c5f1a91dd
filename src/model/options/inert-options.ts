/**
 * Options of iotop-c that have no meaning here. They are accepted, so that commands, aliases and its file go on
 * working.
 */
import type { ScreenOption } from "./screen-option.ts";

const MOST = 10;

export const INERT_OPTIONS: readonly ScreenOption[] = [
  {
    kind: "switch",
    name: "dead-x",
    letter: "x",
    subject: "inert",
    about: "tasks that have exited are always marked x",
    set: (settings) => settings,
  },
  {
    kind: "switch",
    name: "reverse-graph",
    letter: "R",
    subject: "inert",
    about: "graphs always have the newest sample at the right",
    set: (settings) => settings,
  },
  {
    kind: "value",
    name: "threshold",
    valueHint: "NUM",
    subject: "inert",
    about: `1 to ${MOST}; the text always changes to the next unit at twice its size, the screen at three digits`,
    set: (settings, text) =>
      /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MOST
        ? settings
        : `must be a whole number from 1 to ${MOST}`,
  },
];
