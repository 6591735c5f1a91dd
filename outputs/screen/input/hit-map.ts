/** What the last frame showed, and where. */
import type { TaskDelta } from "../../../src/model/index.ts";
import type { SlotId } from "../table/slots.ts";

/** Where things are on the screen, for the keys and clicks that refer to them. */
export interface HitMap {
  readonly rows: readonly TaskDelta[];
  /** When the sample of these rows began, time since boot, seconds. */
  readonly uptimeS: number;
  /** Whether the kernel counts waits. */
  readonly countsWaits: boolean;
  /** The rows that are threads below their processes. */
  readonly branches: ReadonlyMap<TaskDelta, unknown>;
  /** Index of the selected row; -1 if there is none in the list. */
  readonly selectedIndex: number;
  /** How many samples the graphs of the rows show. */
  readonly graphSamples: number;
  /** How many threads of a process the tree shows. */
  readonly maxThreads: number;
  /** Index of the first row shown, and first line of the help shown: limited to what exists. */
  readonly top: number;
  readonly helpTop: number;
  /** Index of the row in each line of the list. */
  readonly indexes: readonly number[];
  /** First screen row of the list, and how many it has. */
  readonly bodyTop: number;
  readonly bodyRows: number;
  readonly titleRow: number;
  /** First line of the next page of what is open below the list; 0 after the last one. */
  readonly paneNext: number;
  /** How many samples can be looked at, the newest one included. */
  readonly kept: number;
  /** When the oldest of them began, Unix ms. */
  readonly oldestMs: number;
  /** Cells of the longest arguments in some rows; 0 if none are shown. */
  readonly argumentCells: (indexes: readonly number[]) => number;
  /** Cells of each column's title, including the gap after it. */
  readonly titles: readonly {
    readonly id: SlotId;
    readonly from: number;
    readonly to: number;
  }[];
}

/** What the choices have of it, limited to what exists. */
export function windowOf(
  hits: HitMap,
): Pick<HitMap, "top" | "helpTop" | "graphSamples" | "maxThreads"> {
  const { top, helpTop, graphSamples, maxThreads } = hits;
  return { top, helpTop, graphSamples, maxThreads };
}
