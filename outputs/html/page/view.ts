/** What the reader has chosen to see. */
import { wholeRange } from "./zoom.ts";
import type { Recording } from "./recording.ts";
import type { Order, Range } from "./sums.ts";

export interface View {
  /** Bins in sight. */
  range: Range;
  /** Keys of areas and lines that are not drawn. */
  readonly hidden: Set<string>;
  /** The group that stands out while the mouse is over its row. */
  focus: number | null;
  order: Order;
}

export const groupKey = (id: number): string => `group ${id}`;

/** Shows what is hidden, and hides what is shown. */
export function toggle({ hidden }: View, key: string): void {
  if (!hidden.delete(key)) hidden.add(key);
}

export const initialView = (recording: Recording): View => ({
  range: wholeRange(recording),
  hidden: new Set(),
  focus: null,
  order: { by: "share", isDescending: true },
});
