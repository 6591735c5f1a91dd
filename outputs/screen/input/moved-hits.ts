/** Where things are after the cursor's keys: no frame is composed for that, however many of them come in one read. */
import { findSelected } from "../table/selected-row.ts";
import { placeWindow } from "../table/row-window.ts";
import type { List } from "../table/list.ts";
import type { ScreenState } from "../state.ts";
import type { HitMap } from "./hit-map.ts";

/**
 * Null if more may have moved than the cursor and the window over the list. Pure.
 *
 * @param before the choices for which `hits` were found
 */
export function movedHits(
  hits: HitMap,
  before: ScreenState,
  now: ScreenState,
  shown: { readonly list: List } | null,
): HitMap | null {
  if (shown?.list.rows !== hits.rows || !isSameButCursor(before, now))
    return null;
  const { list } = shown;
  const { rows, bodyRows } = hits;
  const index = findSelected(list, now.selected, now.view.processes);
  const { top, indexes } = placeWindow(now.top, index, rows.length, bodyRows);
  return { ...hits, selectedIndex: index, top, indexes };
}

/** With the details open, another task has others. */
function isSameButCursor(before: ScreenState, now: ScreenState): boolean {
  if (now.details !== null) return false;
  const names = Object.keys(now) as (keyof ScreenState)[];
  return names.every(
    (name) =>
      name === "selected" || name === "top" || now[name] === before[name],
  );
}
