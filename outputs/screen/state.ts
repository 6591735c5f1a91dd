/** What the user has chosen so far, and how each key changes it. Pure. */
import { COLUMNS, columnById, type ColumnId } from "../../src/model/columns.ts";
import type { TaskDelta } from "../../src/model/sample.ts";
import type { View } from "../../src/model/view.ts";
import { ENDED_MODES, type EndedMode } from "./ended-modes.ts";
import { GRAPH_GLYPHS, type GraphGlyphs } from "./graph.ts";
import type { HitMap } from "./hit-map.ts";
import type { Key } from "./key-parser.ts";
import { GRAPH_SOURCES, type GraphSource } from "./row-history.ts";
import { HIDDEN, SLOT_KEYS, type SlotId } from "./table-layout.ts";

/** The row that the cursor is on, whatever its place in the list. */
export interface Selection {
  readonly key: string;
  readonly processKey: string;
  readonly name: string;
  readonly uid: number;
}

export interface ScreenState {
  readonly view: View;
  readonly sort: ColumnId;
  readonly descending: boolean;
  readonly hidden: ReadonlySet<SlotId>;
  /** What becomes of tasks that ended. */
  readonly ended: EndedMode;
  /** Command line with arguments, or the kernel's name of the task. */
  readonly fullCommand: boolean;
  readonly graph: GraphGlyphs;
  /** What the graphs in the rows show. */
  readonly graphSource: GraphSource;
  readonly frozen: boolean;
  readonly help: boolean;
  /** First line of the help that is shown. */
  readonly helpTop: number;
  readonly selected: Selection | null;
  /** Index of the first row that is shown. */
  readonly top: number;
}

/** The next state, or what the key asks of the program. */
export type Outcome = ScreenState | "quit" | "redraw";

const WHEEL_ROWS = 3;

export function initialState(view: View, graph: GraphGlyphs): ScreenState {
  return {
    view,
    sort: "io",
    descending: true,
    hidden: HIDDEN,
    ended: "grouped",
    fullCommand: true,
    graph,
    graphSource: "rw",
    frozen: false,
    help: false,
    helpTop: 0,
    selected: null,
    top: 0,
  };
}

export function pressKey(state: ScreenState, key: Key, hits: HitMap): Outcome {
  switch (key.type) {
    case "character":
      return pressCharacter(state, key.character, hits);
    case "click":
      return click(state, key.x, key.y, hits);
    case "wheel-up":
      return move(state, -WHEEL_ROWS, hits);
    case "wheel-down":
      return move(state, WHEEL_ROWS, hits);
    case "named":
      return pressNamed(state, key.name, hits);
  }
}

function pressNamed(
  state: ScreenState,
  name: (Key & { type: "named" })["name"],
  hits: HitMap,
): Outcome {
  switch (name) {
    case "left":
      return sortBy(state, neighbour(state.sort, -1));
    case "right":
      return sortBy(state, neighbour(state.sort, 1));
    case "home":
      return sortBy(state, COLUMNS[0]!.id);
    case "end":
      return sortBy(state, COLUMNS.at(-1)!.id);
    case "up":
      return move(state, -1, hits);
    case "down":
      return move(state, 1, hits);
    case "page-up":
      return move(state, -pageRows(state, hits), hits);
    case "page-down":
      return move(state, pageRows(state, hits), hits);
    case "escape":
      if (state.help) return { ...state, help: false };
      return { ...state, selected: null, top: 0 };
    default:
      return "redraw";
  }
}

function pressCharacter(
  state: ScreenState,
  character: string,
  hits: HitMap,
): Outcome {
  const toggleView = (name: "only" | "processes" | "accumulated") => ({
    ...state,
    view: { ...state.view, [name]: !state.view[name] },
  });
  const lower = character.toLowerCase();
  switch (lower) {
    case "q":
      return "quit";
    case "r":
      return { ...state, descending: !state.descending };
    case "o":
      return toggleView("only");
    case "p":
      return toggleView("processes");
    case "a":
      return toggleView("accumulated");
    case "c":
      return { ...state, fullCommand: !state.fullCommand };
    case "e":
      return { ...state, ended: after(ENDED_MODES, state.ended) };
    case "g":
      return { ...state, graphSource: after(GRAPH_SOURCES, state.graphSource) };
    case "u":
      return { ...state, graph: after(GRAPH_GLYPHS, state.graph) };
    case "s":
    case " ":
      return { ...state, frozen: !state.frozen };
    case "h":
    case "?":
      return { ...state, help: !state.help, helpTop: 0 };
    case "j":
      return move(state, 1, hits);
    case "k":
      return move(state, -1, hits);
    case "0":
      return { ...state, hidden: new Set() };
    default:
      return toggleSlot(state, SLOT_KEYS.get(lower));
  }
}

/** Hides or shows; the column one sorts by stays. */
function toggleSlot(state: ScreenState, id: SlotId | undefined): Outcome {
  if (id === undefined) return "redraw";
  const hidden = new Set(state.hidden);
  if (!hidden.delete(id)) hidden.add(id);
  return { ...state, hidden };
}

function click(
  state: ScreenState,
  x: number,
  y: number,
  hits: HitMap,
): ScreenState {
  if (state.help) return { ...state, help: false };
  if (y === hits.titleRow) {
    const hit = hits.titles.find(({ from, to }) => x >= from && x < to);
    if (hit === undefined || hit.id === null) return state;
    return hit.id === state.sort
      ? { ...state, descending: !state.descending }
      : sortBy(state, hit.id);
  }
  const line = y - hits.bodyTop;
  if (line < 0 || line >= hits.bodyRows) return state;
  return select(state, hits.top + line, hits);
}

function sortBy(state: ScreenState, id: ColumnId): ScreenState {
  return { ...state, sort: id, descending: columnById(id).descending };
}

/** The column beside it in the table, from one end to the other. */
export function neighbour(id: ColumnId, step: 1 | -1): ColumnId {
  const index = COLUMNS.findIndex((column) => column.id === id) + step;
  return COLUMNS.at(index % COLUMNS.length)!.id;
}

/** The next of a few choices, and after the last the first. */
function after<T>(choices: readonly T[], now: T): T {
  return choices[(choices.indexOf(now) + 1) % choices.length]!;
}

/** The help has a border. */
function pageRows(state: ScreenState, { bodyRows }: HitMap): number {
  return state.help ? Math.max(1, bodyRows - 2) : bodyRows;
}

/** Moves the cursor, which first appears at the top of what is shown; in the help, its text. */
function move(state: ScreenState, step: number, hits: HitMap): ScreenState {
  if (state.help)
    return { ...state, helpTop: Math.max(0, hits.helpTop + step) };
  if (hits.selectedIndex < 0) return select(state, hits.top, hits);
  return select(state, hits.selectedIndex + step, hits);
}

function select(state: ScreenState, index: number, hits: HitMap): ScreenState {
  const last = hits.rows.length - 1;
  const row = hits.rows[Math.max(0, Math.min(index, last))];
  if (row === undefined) return state;
  return { ...state, selected: selectionOf(row) };
}

export function selectionOf({ task }: TaskDelta): Selection {
  const { key, processKey, comm: name, uid } = task;
  return { key, processKey, name, uid };
}
