/**
 * What the user can choose about the screen, by options, by the settings file and by keys. The options that say it are in
 * `options`, with the lines of the file.
 */
import type { ColumnId } from "../columns/columns.ts";
import { SUMS_MODES } from "../sums/sums.ts";
import type { TaskFilter } from "../view/task-filter.ts";

/** A column of the screen: one of the registry, or the graph of each row. */
export type SlotId = ColumnId | "graph";

/** What the list can be sorted by: a column, or what each row has done lately, as its graph shows it. */
export type SortId = SlotId;

/** The choices of each setting that has several, the default first. */
export const SCREEN_CHOICES = Object.freeze({
  /** A process and its active threads below it, processes, or threads. */
  mode: Object.freeze(["tree", "processes", "threads"] as const),
  /** Of the interval, since the start, means since the start, or of the whole life of each task. */
  sums: SUMS_MODES,
  /** What graphs show: read and written bytes, waits for I/O, one of the two directions, waits for swapping. */
  graphSource: Object.freeze(["rw", "io", "read", "write", "swapin"] as const),
  /** Auto: by default Unicode, or ASCII where the terminal cannot show them. */
  glyphs: Object.freeze(["auto", "braille", "blocks", "ascii"] as const),
  ended: Object.freeze(["grouped", "each", "hidden"] as const),
  /** Auto: dark or light, as the background of the terminal is. */
  theme: Object.freeze(["auto", "dark", "light", "mono"] as const),
  disks: Object.freeze(["busiest", "all", "none"] as const),
  /** One row for all tasks of one kind: the kinds of groups, in the words of users. */
  groupBy: Object.freeze([
    "off",
    "command",
    "user",
    "cgroup",
    "unit",
    "container",
  ] as const),
});

type Choice<K extends keyof typeof SCREEN_CHOICES> =
  (typeof SCREEN_CHOICES)[K][number];

/** The user's choices about the screen: `ctx.run.screen`. */
export interface ScreenSettings {
  /** Hide rows that did nothing. */
  readonly only: boolean;
  readonly mode: Choice<"mode">;
  readonly sums: Choice<"sums">;
  readonly sort: SortId;
  readonly descending: boolean;
  /** Columns that are not to be shown, and columns that are; any other is shown if it usually is. */
  readonly hidden: readonly SlotId[];
  readonly shown: readonly SlotId[];
  /** True: command line with arguments. False: the name of the program. */
  readonly fullCommand: boolean;
  readonly graphSource: Choice<"graphSource">;
  readonly glyphs: Choice<"glyphs">;
  readonly ended: Choice<"ended">;
  readonly filter: TaskFilter | null;
  /** All sizes in K. */
  readonly kilobytes: boolean;
  /** K is 1,000 bytes, not 1,024. */
  readonly si: boolean;
  readonly theme: Choice<"theme">;
  /** False: no colours, whatever the theme. */
  readonly color: boolean;
  readonly mouse: boolean;
  readonly clock: boolean;
  /** The line of hints about keys. */
  readonly hints: boolean;
  /** The help is open at the start. */
  readonly help: boolean;
  readonly disks: Choice<"disks">;
  readonly groupBy: Choice<"groupBy">;
  /** Time between samples, ms. */
  readonly intervalMs: number;
  /** No key may change a task or the kernel. */
  readonly readonly: boolean;
}

/** The screen without any options or settings file. */
export const DEFAULT_SCREEN: ScreenSettings = Object.freeze({
  only: false,
  mode: "tree",
  sums: "rates",
  sort: "graph",
  descending: true,
  hidden: Object.freeze([]),
  shown: Object.freeze([]),
  fullCommand: true,
  graphSource: "rw",
  glyphs: "auto",
  ended: "grouped",
  filter: null,
  kilobytes: false,
  si: false,
  theme: "auto",
  color: true,
  mouse: false,
  clock: true,
  hints: true,
  help: false,
  disks: "busiest",
  groupBy: "off",
  intervalMs: 1000,
  readonly: false,
});
