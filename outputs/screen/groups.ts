/** How the list can be grouped. */
import {
  SCREEN_CHOICES,
  type GroupKind,
  type GroupSince,
  type ScreenSettings,
} from "../../src/model/index.ts";

export const GROUPINGS = SCREEN_CHOICES.groupBy;
export type Grouping = ScreenSettings["groupBy"];

/** What groups have done, as of one sample. */
export interface GroupedPast {
  sums(kind: GroupKind): GroupSince;
}
