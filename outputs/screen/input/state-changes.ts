/** How keys and clicks change the user's choices. Pure. */
import type { HitMap } from "./hit-map.ts";
import { scrollTo } from "../table/row-window.ts";
import { selectionOf, type ScreenState } from "../state.ts";
import { SLOTS, isDescendingFirst, type SlotId } from "../table/slots.ts";

/** Hides or shows a column; a hidden one can still be the sort column. */
export function toggleSlot(state: ScreenState, id: SlotId): ScreenState {
  const hidden = new Set(state.hidden);
  if (!hidden.delete(id)) hidden.add(id);
  return { ...state, hidden };
}

export function click(
  state: ScreenState,
  x: number,
  y: number,
  hits: HitMap,
): ScreenState {
  if (state.help) return { ...state, help: false };
  if (y === hits.titleRow) {
    const hit = hits.titles.find(({ from, to }) => x >= from && x < to);
    if (hit === undefined) return state;
    return hit.id === state.sort
      ? { ...state, descending: !state.descending }
      : sortBy(state, hit.id);
  }
  const index = hits.indexes[y - hits.bodyTop];
  return index === undefined ? state : select(state, index, hits.top, hits);
}

export function sortBy(state: ScreenState, id: SlotId): ScreenState {
  return { ...state, sort: id, descending: isDescendingFirst(id) };
}

/** The column beside the one sorted by, of those on the screen; after one end comes the other. */
export function neighbour(
  { sort }: Pick<ScreenState, "sort">,
  step: 1 | -1,
  { titles }: Pick<HitMap, "titles">,
): SlotId {
  const isShown = (id: SlotId): boolean =>
    id === sort || titles.some((title) => title.id === id);
  const shown = SLOTS.filter(isShown);
  return shown.at((shown.indexOf(sort) + step) % shown.length)!;
}

/** The next of a few choices; the last is followed by the first. */
export function after<T>(choices: readonly T[], now: T): T {
  return choices[(choices.indexOf(now) + 1) % choices.length]!;
}

/** The one before; before the first is the last. */
export function before<T>(choices: readonly T[], now: T): T {
  return choices.at(choices.indexOf(now) - 1)!;
}

/** Rows of a page. The help has a border. */
export function pageRows(state: ScreenState, { bodyRows }: HitMap): number {
  return state.help ? Math.max(1, bodyRows - 2) : bodyRows;
}

/**
 * Moves the cursor, which first appears at the top of the visible rows, or at the end that it is sent to (an infinite
 * step); in the help, moves its text.
 */
export function move(
  state: ScreenState,
  step: number,
  hits: HitMap,
): ScreenState {
  if (state.help)
    return { ...state, helpTop: Math.max(0, hits.helpTop + step) };
  const isFirst = hits.selectedIndex < 0 && Number.isFinite(step);
  const wanted = isFirst ? hits.top : Math.max(0, hits.selectedIndex) + step;
  const index = Math.max(0, Math.min(wanted, hits.rows.length - 1));
  const top = scrollTo(hits.top, index, hits.bodyRows);
  return select(state, index, top, hits);
}

function select(
  state: ScreenState,
  index: number,
  top: number,
  hits: HitMap,
): ScreenState {
  const row = hits.rows[index];
  return row === undefined
    ? state
    : { ...state, selected: selectionOf(row, hits.branches.has(row)), top };
}

export function toggleView(
  state: ScreenState,
  name: "only" | "accumulated",
): ScreenState {
  return { ...state, view: { ...state.view, [name]: !state.view[name] } };
}
