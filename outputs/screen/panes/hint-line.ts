/** The hint line: what keys will do now, as many as fit. Pure. */
import { SUMS_MODES, sumsModeOf } from "../../../src/model/index.ts";
import { drawLine, type Line } from "../cells/frame.ts";
import { after } from "../input/state-changes.ts";
import { VIEW_MODES, type ScreenState } from "../state.ts";
import { keyNames } from "./key-names.ts";

export interface Hint {
  readonly key: string;
  readonly effect: string;
  /** Where not all have room; "": the key alone. */
  readonly short?: string;
  /** Hints with higher ranks leave first. */
  readonly rank: number;
  /** Shown only where all have room at full length. */
  readonly isExtra?: boolean;
}

const MODES = { tree: "tree", processes: "procs", threads: "threads" } as const;

export function hintsOf(state: ScreenState): readonly Hint[] {
  if (state.help) return HELP_HINTS;
  return state.details === null ? listHints(state) : detailsHints(state);
}

function listHints(state: ScreenState): readonly Hint[] {
  const { view, mode, frozen, busyFilesTop } = state;
  const sums = after(SUMS_MODES, sumsModeOf(view));
  return [
    { key: "h", effect: "help", rank: 0 },
    ...(busyFilesTop === null ? [] : FILES_HINTS),
    { key: "/", effect: "find", rank: 2 },
    { key: "f", effect: "filter", rank: 5 },
    { key: "o", effect: view.only ? "all" : "active", rank: 3 },
    { key: "p", effect: MODES[after(VIEW_MODES, mode)], rank: 3 },
    { key: "a", effect: sums, rank: 4 },
    { key: "g", effect: "graph", rank: 9 },
    { key: "y", effect: "group", rank: 10 },
    ...(busyFilesTop === null ? EXTRA_HINTS : []),
    { key: "s", effect: frozen ? "resume" : "freeze", rank: 6 },
    { key: "i", effect: "ionice", rank: 7 },
    { key: "K", effect: "signal", rank: 8 },
    { key: "⏎", effect: "details", short: "more", rank: 1 },
    { key: "q", effect: "quit", short: "", rank: 1 },
  ];
}

function detailsHints({ frozen, files }: ScreenState): readonly Hint[] {
  return [
    { key: "⏎", effect: "close", rank: 0 },
    { key: "tab", effect: "scroll below", short: "scroll", rank: 2 },
    { key: "j k", effect: "other task", rank: 3 },
    {
      key: "F",
      effect: files ? "open files" : "bytes by file",
      short: "files",
      rank: 7,
    },
    { key: "i", effect: "ionice", rank: 4 },
    { key: "K", effect: "signal", rank: 5 },
    { key: "s", effect: frozen ? "resume" : "freeze", rank: 6 },
    { key: "q", effect: "quit", short: "", rank: 1 },
  ];
}

const EXTRA_HINTS: readonly Hint[] = [
  { key: "F", effect: "files", rank: 11, isExtra: true },
];

const FILES_HINTS: readonly Hint[] = [
  { key: "F", effect: "close files", short: "close", rank: 0 },
  { key: "tab", effect: "scroll below", short: "scroll", rank: 1 },
];

const HELP_HINTS: readonly Hint[] = [
  { key: "h", effect: "close", rank: 0 },
  { key: "↑↓", effect: "scroll", rank: 1 },
  { key: "q", effect: "quit", short: "", rank: 2 },
];

const GAP_CELLS = 2;

/** All at full length; else without extra ones, at full length, or in short; else without the least important ones. */
export function fittingHints(
  hints: readonly Hint[],
  columns: number,
): readonly Hint[] {
  if (cellsOf(hints) <= columns) return hints;
  const usual = hints.filter(({ isExtra }) => isExtra !== true);
  if (cellsOf(usual) <= columns) return usual;
  const short = usual.map((hint) => ({
    ...hint,
    effect: hint.short ?? hint.effect,
  }));
  return dropped(short, columns);
}

function dropped(hints: readonly Hint[], columns: number): readonly Hint[] {
  if (cellsOf(hints) <= columns || hints.length < 2) return hints;
  const most = Math.max(...hints.map(({ rank }) => rank));
  const last = hints.findLast(({ rank }) => rank === most);
  return dropped(
    hints.filter((hint) => hint !== last),
    columns,
  );
}

function cellsOf(hints: readonly Hint[]): number {
  return hints.reduce(
    (sum, { key, effect }) =>
      sum + GAP_CELLS + key.length + (effect === "" ? 0 : 1 + effect.length),
    1 - GAP_CELLS,
  );
}

export function drawHintLine(
  columns: number,
  unicode: boolean,
  state: ScreenState,
): Line {
  const named = hintsOf(state).map((hint) => ({
    ...hint,
    key: keyNames(hint.key, unicode),
  }));
  return drawLine(columns, unicode, null, (canvas) => {
    canvas.fill(0, columns, 0, "help");
    let x = 1 - GAP_CELLS;
    for (const { key, effect } of fittingHints(named, columns)) {
      x = canvas.put(x + GAP_CELLS, 0, key, "help-key");
      if (effect !== "") x = canvas.put(x, 0, ` ${effect}`, "help");
    }
  });
}
