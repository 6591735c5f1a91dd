/** The user's choices so far. */
import {
  DEFAULT_SCREEN,
  SCREEN_CHOICES,
  type ScreenSettings,
  type TaskDelta,
  type View,
} from "../../src/model/index.ts";
import type { ThemeName } from "./cells/theme.ts";
import type { Grouping } from "./groups.ts";
import type { EndedMode } from "./table/ended-modes.ts";
import type { GraphGlyphs } from "./graphs/graph.ts";
import type { Prompt } from "./input/prompts/prompt.ts";
import type { GraphSource } from "./graphs/row-history.ts";
import { threadsIn } from "./table/tree.ts";
import { HIDDEN, type SlotId } from "./table/slots.ts";

/** The row under the cursor, wherever it is in the list. */
export interface Selection {
  readonly key: string;
  readonly processKey: string;
  readonly name: string;
  readonly uid: number;
  /** Whether it is a thread below its process, which may have the same key. */
  readonly isThread: boolean;
}

/** A process and below it its active threads; one row for each process; one row for each thread. */
export const VIEW_MODES = SCREEN_CHOICES.mode;
export type ViewMode = ScreenSettings["mode"];

export interface OpenDetails {
  /** Key of the task whose details were scrolled; those of any other begin at their first line. */
  readonly key: string;
  /** First line that is shown. */
  readonly top: number;
}

export interface ScreenState {
  /** `processes` follows `mode`: change both by `withMode`. */
  readonly view: View;
  readonly mode: ViewMode;
  readonly sort: SlotId;
  readonly descending: boolean;
  readonly hidden: ReadonlySet<SlotId>;
  /** Whether rows are groups of tasks, and of which kind. */
  readonly groupBy: Grouping;
  /** How ended tasks are shown. */
  readonly ended: EndedMode;
  /** True: command line with arguments. False: the kernel's name of the task. */
  readonly fullCommand: boolean;
  /** How many cells of the arguments are passed over. */
  readonly commandOffset: number;
  readonly graph: GraphGlyphs;
  /** The values in the graphs of the rows. */
  readonly graphSource: GraphSource;
  readonly theme: ThemeName;
  /** Whether colours are used, whatever the theme. */
  readonly colors: boolean;
  /** Whether the terminal reports clicks and the wheel; if not, text can be selected. */
  readonly mouse: boolean;
  /** Which disks have a line. */
  readonly disks: ScreenSettings["disks"];
  readonly clock: boolean;
  /** Whether the last line says what keys will do. */
  readonly hints: boolean;
  readonly frozen: boolean;
  /** While frozen, how many samples before the one that was shown then. */
  readonly back: number;
  /** How often the user has let sums start from 0. */
  readonly zeroings: number;
  readonly help: boolean;
  /** First line of the help that is shown. */
  readonly helpTop: number;
  /** The details of the selected task, if they are open. */
  readonly details: OpenDetails | null;
  /** Whether the details show what is read and written of each file. */
  readonly files: boolean;
  /** First line of the busiest files of the machine, where details are not open; null: they are not shown. */
  readonly busyFilesTop: number | null;
  /** The question on the hint line; while there is one, it takes every key. */
  readonly prompt: Prompt | null;
  readonly selected: Selection | null;
  /** Index of the first row that is shown. */
  readonly top: number;
  /** How many samples the graphs of the rows show. */
  readonly graphSamples: number;
  /** How many threads of a process the tree shows. */
  readonly maxThreads: number;
}

export function initialState(
  view: View,
  graph: GraphGlyphs,
  screen: ScreenSettings = DEFAULT_SCREEN,
): ScreenState {
  const {
    mode,
    sort,
    descending,
    hidden,
    shown,
    ended,
    fullCommand,
    graphSource,
  } = screen;
  return {
    view: { ...view, processes: mode !== "threads" },
    mode,
    sort,
    descending,
    hidden: HIDDEN.union(new Set(hidden)).difference(new Set(shown)),
    groupBy: screen.groupBy,
    ended,
    fullCommand,
    commandOffset: 0,
    graph,
    graphSource,
    theme: screen.theme,
    colors: screen.color,
    mouse: screen.mouse,
    disks: screen.disks,
    clock: screen.clock,
    hints: screen.hints,
    frozen: false,
    back: 0,
    zeroings: 0,
    help: screen.help,
    helpTop: 0,
    details: null,
    files: false,
    busyFilesTop: null,
    prompt: null,
    selected: null,
    top: 0,
    graphSamples: 0,
    maxThreads: threadsIn(0),
  };
}

export function selectionOf({ task }: TaskDelta, isThread = false): Selection {
  const { key, processKey, comm: name, uid } = task;
  return { key, processKey, name, uid, isThread };
}

export function withMode(state: ScreenState, mode: ViewMode): ScreenState {
  return {
    ...state,
    mode,
    view: { ...state.view, processes: mode !== "threads" },
  };
}
