/** The help window: all keys with their states, in two columns where there is room, and what the figures mean. */
import { wrapText } from "../../../src/model/index.ts";
import { KEY_SECTIONS, keysOf } from "../input/key-commands.ts";
import type { KeyCommand } from "../input/key-command.ts";
import type { Canvas } from "../cells/frame.ts";
import type { Style } from "../cells/theme.ts";
import type { ScreenState } from "../state.ts";
import { cellsOf, type Spans } from "./spans.ts";
import { MARGIN_CELLS, drawWindow } from "./window.ts";

/** An entry of the help: lines that stay together. */
type Block = readonly Spans[];

const MAX_CELLS = 118;
/** In narrower windows there is one column. */
const TWO_COLUMNS_CELLS = 70;
const BETWEEN_CELLS = 3;
/** The keys have a column of their own, unless the window is narrow. */
const KEY_CELLS = 11;
const NARROW_CELLS = 50;

/** Draws it over the frame. Returns the first line shown, because `helpTop` may be too large. */
export function drawHelp(
  canvas: Canvas,
  state: ScreenState,
  bodyTop: number,
  toRow: number,
): number {
  const width = Math.min(canvas.columns, MAX_CELLS);
  const lines = helpLines(state, width - 2 * MARGIN_CELLS);
  // The totals stay in sight if there is room for both.
  const fromRow = Math.max(0, Math.min(bodyTop, toRow - lines.length - 2));
  return drawWindow(canvas, {
    title: "help",
    lines,
    top: state.helpTop,
    fromRow,
    toRow,
    width,
  }).top;
}

/** Lines for a window of some cells. */
export function helpLines(state: ScreenState, cells: number): readonly Spans[] {
  const isWide = cells >= TWO_COLUMNS_CELLS;
  const width = isWide ? Math.floor((cells - BETWEEN_CELLS) / 2) : cells;
  const keyCells = cells < NARROW_CELLS ? 0 : KEY_CELLS;
  const blocks = [
    ...KEY_SECTIONS.flatMap(({ title, commands }) => [
      textBlock(title, width, "strong"),
      ...commands.map((command) =>
        commandBlock(command, state, keyCells, width),
      ),
    ]),
    textBlock("What it shows", width, "strong"),
    ...NOTES.map((note) => textBlock(note, width)),
  ];
  return isWide ? beside(blocks, width) : blocks.flat();
}

function commandBlock(
  command: KeyCommand,
  state: ScreenState,
  keyCells: number,
  width: number,
): Block {
  const { about, now } = command;
  const keys = keysOf(command).padStart(keyCells);
  const text = now === undefined ? about : `${about} [${now(state)}]`;
  const indent = keyCells === 0 ? 0 : keyCells + 2;
  if (keyCells === 0) return textBlock(`${keys}  ${text}`, width);
  return wrapText(text, width - indent).map((part, i) => [
    { text: (i === 0 ? keys : "").padEnd(indent), style: "strong" },
    { text: part, style: "plain" },
  ]);
}

function textBlock(text: string, width: number, style: Style = "plain"): Block {
  return wrapText(text, width).map((part) => [{ text: part, style }]);
}

const NOTES = [
  "Total is what tasks asked of storage, including ended ones. Current is what the block layer moved: writes reach it later.",
  "+ started in the interval, x has exited (a loop of tasks has one row), D is stuck waiting for a disk: IO then shows for how long.",
  "Colors start at 1 M/s, 100 M/s, 1 G/s, and at 10, 40, 80 % of waiting. Names in bold have done something lately.",
  "! before a priority: the threads have several. ? is unknown, never 0.",
];

/** Half of the lines in each column; a block is not divided. */
function beside(blocks: readonly Block[], width: number): readonly Spans[] {
  const total = blocks.reduce((sum, block) => sum + block.length, 0);
  let taken = 0;
  let split = 0;
  while (taken < total / 2) taken += blocks[split++]!.length;
  const left = blocks.slice(0, split).flat();
  const right = blocks.slice(split).flat();
  return left.map((line, i) => {
    const gap = " ".repeat(Math.max(0, width - cellsOf(line) + BETWEEN_CELLS));
    return [...line, { text: gap, style: "plain" }, ...(right[i] ?? [])];
  });
}
