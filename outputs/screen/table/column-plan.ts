/**
 * In which order columns come into a window as it grows. READ, WRITE and the name of the program are always there; a
 * wider window never shows less.
 */
import type { SlotId } from "./slots.ts";

export interface PlanStep {
  /** "titles": the whole titles of READ and WRITE. */
  readonly slot: SlotId | "titles";
  /** How wide it becomes; null: as wide as its column says. */
  readonly cells: number | null;
  /** What COMMAND keeps. A step is taken only if it does. */
  readonly command: number;
}

/** Each step is taken only if those before it are, or if its column is hidden. */
export const COLUMN_PLAN: readonly PlanStep[] = [
  { slot: "io", cells: null, command: 11 },
  { slot: "graph", cells: 6, command: 14 },
  { slot: "user", cells: 8, command: 15 },
  { slot: "graph", cells: 10, command: 20 },
  { slot: "prio", cells: 6, command: 26 },
  { slot: "swapin", cells: null, command: 26 },
  { slot: "graph", cells: 20, command: 32 },
  { slot: "titles", cells: null, command: 32 },
  { slot: "unit", cells: 15, command: 30 },
];

/** What COMMAND keeps beside columns that have no step: those come last. */
export const OTHER_COMMAND_CELLS = 30;
/** What COMMAND has at least beside READ and WRITE. In narrower windows the larger of the two stands for both. */
export const LEAST_COMMAND_CELLS = 8;
/** What COMMAND keeps beside columns that the user asked for: those that take more do not come. */
export const ASKED_COMMAND_CELLS = 12;
/** From this width of COMMAND on, graphs get a third of what is left. */
export const FULL_COMMAND_CELLS = 48;
export const MAX_GRAPH_CELLS = 60;
