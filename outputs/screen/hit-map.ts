import type { ColumnId, TaskDelta } from "../../src/model/index.ts";

/** What is where on the screen, for the keys and clicks that refer to it. */
export interface HitMap {
  readonly rows: readonly TaskDelta[];
  /** Index of the selected row; -1 if there is none in the list. */
  readonly selectedIndex: number;
  /** Index of the first row that is shown, and first line of the help that is: clamped to what there is. */
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
