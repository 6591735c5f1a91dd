/** Where the window is within the list. */

/** One glyph for each row, in eighths of a cell; null if all rows of the list are shown. */
export function scrollBar(
  bodyRows: number,
  top: number,
  rowCount: number,
  unicode: boolean,
): readonly string[] | null {
  if (rowCount <= bodyRows || bodyRows < 2) return null;
  const eighths = bodyRows * 8;
  const length = Math.max(8, Math.round((bodyRows / rowCount) * eighths));
  const travel = eighths - length;
  const from = Math.round((top / (rowCount - bodyRows)) * travel);
  return Array.from({ length: bodyRows }, (_, i) =>
    barGlyph(from - i * 8, from + length - i * 8, unicode),
  );
}

const LOWER_EIGHTHS = " ▁▂▃▄▅▆▇█";

/** One cell of the bar. The bar covers the eighths `from` to `to` of it, counted from its top. */
function barGlyph(from: number, to: number, unicode: boolean): string {
  const covered = Math.min(8, to) - Math.max(0, from);
  if (!unicode) return covered >= 4 ? "#" : "|";
  if (from > 0) return LOWER_EIGHTHS[Math.max(0, 8 - from)] ?? " ";
  // There are no glyphs for upper eighths: if at least half is covered, the cell is drawn whole.
  if (covered <= 0) return " ";
  return covered >= 4 ? "█" : "▀";
}
