/**
 * The key hints at the bottom, which say what a key will do, and the help window, which also shows the current states.
 */
import { COLUMNS } from "../../../src/model/index.ts";
import { drawLine, type Canvas, type Line } from "../cells/frame.ts";
import { KEY_COMMANDS, keysOf } from "../input/key-commands.ts";
import { neighbour } from "../input/state-changes.ts";
import type { ScreenState } from "../state.ts";
import { SLOTS, slotTitle } from "../table/slots.ts";

/** A key and what it will do. */
type Hint = readonly [key: string, effect: string];

const NEXT_MODE = {
  tree: "procs",
  processes: "threads",
  threads: "tree",
} as const satisfies Record<ScreenState["mode"], string>;

export function keyHints(state: ScreenState): readonly Hint[] {
  const { view } = state;
  return [
    ["q", "quit"],
    ["?", "help"],
    ["o", view.only ? "all" : "active"],
    ["p", NEXT_MODE[state.mode]],
    ["a", view.accumulated ? "rates" : "accum"],
    ["c", state.fullCommand ? "names" : "full"],
    ["s", state.frozen ? "go on" : "freeze"],
  ];
}

export function sortHints(state: ScreenState): readonly Hint[] {
  const title = (id: ScreenState["sort"]): string => slotTitle(id, state);
  return [
    ["r", state.descending ? "asc" : "desc"],
    ["left", title(neighbour(state, -1))],
    ["right", title(neighbour(state, 1))],
    ["home", title(SLOTS[0]!)],
    ["end", title(SLOTS.at(-1)!)],
    ["up/down", "select"],
  ];
}

export function drawHints(
  columns: number,
  unicode: boolean,
  state: ScreenState,
): Line {
  return drawHintLine(columns, unicode, [
    ...keyHints(state),
    ...sortHints(state),
  ]);
}

function drawHintLine(
  columns: number,
  unicode: boolean,
  hints: readonly Hint[],
): Line {
  return drawLine(columns, unicode, null, (canvas) => {
    canvas.fill(0, columns, 0, "help");
    let x = -1;
    for (const [key, effect] of hints) {
      if (x + key.length + effect.length + 4 > columns) break;
      x = canvas.put(x + 2, 0, key, "help-key");
      x = canvas.put(x, 0, ` ${effect}`, "help");
    }
  });
}

/** Lines of the help window: the keys, their effects and the current state; or one line of text. */
export function helpLines(
  state: ScreenState,
  keyCells: number,
): readonly string[] {
  const { view } = state;
  return [
    ...KEY_COMMANDS.map((command) => {
      const { about, now } = command;
      const line = `${keysOf(command).padStart(keyCells)}  ${about}`;
      return now === undefined ? line : `${line} [${now(state)}]`;
    }),
    "",
    "Total is what tasks asked of storage, including ended ones.",
    "Current is what the block layer moved in that time: writes reach it",
    "later, when the kernel writes dirty pages back.",
    "",
    ...COLUMNS.map(
      (column) => `${column.title(view).padStart(keyCells)}  ${column.about}`,
    ),
    "",
    `? is unknown, never 0.  + began${view.accumulated ? " in the interval, x ended" : ", x ended in the interval"}.`,
    "Sums (a) keep ended tasks that did I/O, one row per user and name;",
    "e: each lists one by one those that ended in the interval, hidden none.",
  ];
}

const MARGIN_CELLS = 2;
const MAX_CELLS = 96;
/** The keys have a column of their own, unless the window is narrow. */
const KEY_CELLS = 11;
const NARROW_CELLS = 50;

/** Draws the window on top of the frame. Returns the first line shown, because `helpTop` may be too large. */
export function drawHelp(
  canvas: Canvas,
  state: ScreenState,
  fromRow: number,
  toRow: number,
): number {
  const width = Math.min(canvas.columns, MAX_CELLS);
  const keyCells = width < NARROW_CELLS ? 0 : KEY_CELLS;
  const text = helpLines(state, keyCells).flatMap((line) =>
    wrapLine(
      line,
      width - 2 * MARGIN_CELLS,
      KEYED.test(line) ? keyCells + 2 : 0,
    ),
  );
  const height = Math.min(toRow - fromRow, text.length + 2);
  const visible = Math.max(0, height - 2);
  const top = Math.min(state.helpTop, Math.max(0, text.length - visible));
  const x = Math.floor((canvas.columns - width) / 2);
  const { corner, side, edge } = canvas.unicode
    ? { corner: "┌┐└┘", side: "│", edge: "─" }
    : { corner: "++++", side: "|", edge: "-" };
  const border = (y: number, left: string, right: string, label: string) => {
    const line = edge.repeat(Math.max(0, width - 2));
    canvas.put(x, y, left + line + right, "strong");
    canvas.put(x + 2, y, label, "strong", x + width - 1);
  };
  border(fromRow, corner[0]!, corner[1]!, " help ");
  for (let i = 0; i < visible; i++) {
    const y = fromRow + 1 + i;
    canvas.fill(x, x + width, y, "plain");
    canvas.put(x, y, side, "strong");
    canvas.put(
      x + MARGIN_CELLS,
      y,
      text[top + i] ?? "",
      "plain",
      x + width - 1,
    );
    canvas.put(x + width - 1, y, side, "strong");
  }
  const more =
    top + visible < text.length ? " down: more  esc: close " : " esc: close ";
  border(fromRow + height - 1, corner[2]!, corner[3]!, more);
  return top;
}

/** Whether a line begins with a key, followed by two blanks. */
const KEYED = /^ *\S.{0,10}? {2}/;

/** Breaks at blanks; the text after the first break is indented. */
function wrapLine(
  line: string,
  width: number,
  indent: number,
): readonly string[] {
  if (line.length <= width) return [line];
  const blank = line.lastIndexOf(" ", width);
  const at = blank > indent ? blank : width;
  const rest = " ".repeat(indent) + line.slice(at).trimStart();
  if (rest.length >= line.length) return [line.slice(0, width)];
  return [line.slice(0, at), ...wrapLine(rest, width, indent)];
}
