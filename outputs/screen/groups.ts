/** How the list can be grouped. */
import {
  SCREEN_CHOICES,
  type GroupKind,
  type ScreenSettings,
} from "../../src/model/index.ts";

export const GROUPINGS = SCREEN_CHOICES.groupBy;
export type Grouping = ScreenSettings["groupBy"];

/** The kinds of groups that the list can show. */
export const SHOWN_KINDS = [
  "comm",
  "user",
  "unit",
  "container",
] as const satisfies readonly GroupKind[];
export type ShownKind = (typeof SHOWN_KINDS)[number];

/** Null: tasks are not grouped. */
export function kindOf(grouping: Grouping): ShownKind | null {
  if (grouping === "off") return null;
  return grouping === "command" ? "comm" : grouping;
}
