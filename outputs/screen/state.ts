/** What the user has chosen so far, and how each key changes it. Pure. */
import { COLUMNS, columnById, type ColumnId } from "../../src/model/columns.ts";
import type { TaskDelta } from "../../src/model/sample.ts";
import type { View } from "../../src/model/view.ts";
import { ENDED_MODES, type EndedMode } from "./ended.ts";
import { GRAPH_GLYPHS, type GraphGlyphs } from "./graph.ts";
import type { Key } from "./keys.ts";
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

/** What of the picture on the screen a key may refer to. */
export interface Scene {
  readonly rows: readonly TaskDelta[];
  /** Index of the selected row; -1 if there is none in the list. */
  readonly selectedIndex: number;
  /** Index of the first row that is shown, and first line of the help that is: wishes come true as far as they can. */
  readonly top: number;
  readonly helpTop: number;
  /** First screen row of the list, and how many it has. */
  readonly bodyTop: number;
  readonly bodyRows: number;
  readonly titleRow: number;
  /** Cells that each column's title takes, the gap behind it included. */
  readonly titles: readonly {
    /** Null where there is nothing to sort by. */
    readonly id: ColumnId | null;
    readonly from: number;
    readonly to: number;
  }[];
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

export function pressKey(state: ScreenState, key: Key, scene: Scene): Outcome {
  switch (key.type) {
    case "character":
      return pressCharacter(state, key.character, scene);
    case "click":
      return click(state, key.x, key.y, scene);
    case "wheel-up":
      return move(state, -WHEEL_ROWS, scene);
    case "wheel-down":
      return move(state, WHEEL_ROWS, scene);
    case "named":
      return pressNamed(state, key.name, scene);
  }
}

function pressNamed(
  state: ScreenState,
  name: (Key & { type: "named" })["name"],
  scene: Scene,
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
      return move(state, -1, scene);
    case "down":
      return move(state, 1, scene);
    case "page-up":
      return move(state, -pageRows(state, scene), scene);
    case "page-down":
      return move(state, pageRows(state, scene), scene);
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
  scene: Scene,
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
      return move(state, 1, scene);
    case "k":
      return move(state, -1, scene);
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
  scene: Scene,
): ScreenState {
  if (state.help) return { ...state, help: false };
  if (y === scene.titleRow) {
    const hit = scene.titles.find(({ from, to }) => x >= from && x < to);
    if (hit === undefined || hit.id === null) return state;
    return hit.id === state.sort
      ? { ...state, descending: !state.descending }
      : sortBy(state, hit.id);
  }
  const line = y - scene.bodyTop;
  if (line < 0 || line >= scene.bodyRows) return state;
  return select(state, scene.top + line, scene);
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
function pageRows(state: ScreenState, { bodyRows }: Scene): number {
  return state.help ? Math.max(1, bodyRows - 2) : bodyRows;
}

/** Moves the cursor, which first appears at the top of what is shown; in the help, its text. */
function move(state: ScreenState, step: number, scene: Scene): ScreenState {
  if (state.help)
    return { ...state, helpTop: Math.max(0, scene.helpTop + step) };
  if (scene.selectedIndex < 0) return select(state, scene.top, scene);
  return select(state, scene.selectedIndex + step, scene);
}

function select(state: ScreenState, index: number, scene: Scene): ScreenState {
  const last = scene.rows.length - 1;
  const row = scene.rows[Math.max(0, Math.min(index, last))];
  if (row === undefined) return state;
  return { ...state, selected: selectionOf(row) };
}

export function selectionOf({ task }: TaskDelta): Selection {
  const { key, processKey, comm: name, uid } = task;
  return { key, processKey, name, uid };
}
