/** The keys that choose which rows are listed, in which order, and the row under the cursor. */
import type { Action, KeyCommand } from "./key-command.ts";
import { filterText, openFilter } from "./prompts/filter.ts";
import { openFind } from "./prompts/find.ts";
import {
  after,
  move,
  neighbour,
  pageRows,
  sortBy,
  toggleView,
} from "./state-changes.ts";
import { VIEW_MODES, withMode, type ScreenState } from "../state.ts";
import { ENDED_MODES } from "../table/ended-modes.ts";
import { slotTitle } from "../table/slots.ts";

export const WHEEL_ROWS = 3;

const moveBy =
  (step: number): Action =>
  (state, hits) =>
    move(state, step, hits);

const sortBeside =
  (step: 1 | -1): Action =>
  (state, hits) =>
    sortBy(state, neighbour(state, step, hits));

export const LIST_COMMANDS: readonly KeyCommand[] = [
  {
    press: { left: sortBeside(-1), right: sortBeside(1) },
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
    about: "only tasks that read, write or wait",
    now: ({ view }) => (view.only ? "on" : "off"),
    isBasic: true,
  },
  {
    press: { p: (state) => withMode(state, after(VIEW_MODES, state.mode)) },
    about: "tree with threads, processes, or threads",
    now: ({ mode }) => mode,
    isBasic: true,
  },
  {
    press: { "/": openFind },
    about: "find: by a regular expression",
    now: ({ view }) => view.filter?.text ?? "all",
  },
  {
    press: { f: openFilter },
    about: "filter: show some users, ids or names",
    now: ({ view }) => filterText(view) || "all",
  },
  {
    press: {
      e: (state) => ({ ...state, ended: after(ENDED_MODES, state.ended) }),
    },
    about: "tasks that have exited, marked x",
    now: ({ ended }) => ended,
  },
];

export const CURSOR_COMMANDS: readonly KeyCommand[] = [
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
    about: `move it by a page (mouse wheel: by ${WHEEL_ROWS})`,
  },
  {
    press: { home: moveBy(-Infinity), end: moveBy(Infinity) },
    about: "move it to the first or the last row",
  },
  {
    press: { escape: close },
    about: "close what is open, or release the cursor",
  },
];

function close(state: ScreenState): ScreenState {
  if (state.help) return { ...state, help: false };
  if (state.details !== null) return { ...state, details: null };
  if (state.busyFilesTop !== null) return { ...state, busyFilesTop: null };
  return { ...state, selected: null };
}
