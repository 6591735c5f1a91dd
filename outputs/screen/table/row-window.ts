/**
 * Which rows of the list are on the screen. The window stays where it is while rows move; only the cursor's keys move
 * it. If the selected row leaves the window, it is pinned to the last line. Pure.
 */

export interface RowWindow {
  /** Index of the first row. */
  readonly top: number;
  /** Index of the row in each line. */
  readonly indexes: readonly number[];
  /** Line of the selected row; null if none is selected. */
  readonly selectedLine: number | null;
}

/** @param selectedIndex -1 if no row of the list is selected */
export function placeWindow(
  top: number,
  selectedIndex: number,
  rowCount: number,
  lines: number,
): RowWindow {
  const first = Math.max(0, Math.min(top, rowCount - lines));
  const shown = Math.min(lines, rowCount - first);
  const indexes = Array.from({ length: shown }, (_, line) => first + line);
  if (selectedIndex < 0 || shown === 0)
    return { top: first, indexes, selectedLine: null };
  const line = selectedIndex - first;
  if (line >= 0 && line < shown)
    return { top: first, indexes, selectedLine: line };
  indexes[shown - 1] = selectedIndex;
  return { top: first, indexes, selectedLine: shown - 1 };
}

/** The first row after the cursor has gone to a row: no further than needed to have it in the window. */
export function scrollTo(top: number, index: number, lines: number): number {
  if (index < top) return index;
  return Math.max(top, index - Math.max(1, lines) + 1);
}
