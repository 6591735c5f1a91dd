/** Lines of CSV as RFC 4180 has them, but for their end: a line feed, as in all text of this system. */

export type CsvCell = string | number | boolean | null;

/** How a line of CSV is written. */
export interface CsvStyle {
  /** By default a comma. */
  readonly delimiter?: string;
  /** A text that a spreadsheet would take for a formula gets a "'" before it. */
  readonly excel?: boolean;
}

/** Controls, format characters such as bidi, separators of lines. A line feed is data: it stands in quotes. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;
const FORMULA = /^[=+\-@]/;

/**
 * One line of CSV, with its line feed. Unknown is empty, an empty text is `""`; characters that no reader of CSV could
 * show become U+FFFD.
 */
export function csvLine(
  cells: readonly CsvCell[],
  { delimiter = ",", excel = false }: CsvStyle = {},
): string {
  const encode = (cell: CsvCell): string => {
    if (cell === null) return "";
    if (typeof cell !== "string") return String(cell);
    const plain = cell.toWellFormed().replace(UNPRINTABLE, "\ufffd");
    const text = excel && FORMULA.test(plain) ? `'${plain}` : plain;
    return needsQuotes(text, delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  };
  return `${cells.map(encode).join(delimiter)}\n`;
}

/** A line with nothing but `\.` would end the input of Postgres. */
function needsQuotes(text: string, delimiter: string): boolean {
  return (
    text === "" ||
    text === "\\." ||
    text.includes('"') ||
    text.includes("\n") ||
    text.includes(delimiter)
  );
}
