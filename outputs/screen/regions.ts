/** Which parts fit, and where, from top to bottom. Pure. */

/** Screen rows, each from 0. */
export interface Regions {
  /** Lines of totals, from the first row. */
  readonly summaryRows: 0 | 1 | 2;
  /** Row of the status line, or null. */
  readonly statusRow: number | null;
  readonly titleRow: number;
  readonly bodyTop: number;
  readonly bodyRows: number;
  readonly messageTop: number;
  readonly messageRows: number;
  /** First row of the key hints; after the last row if they are hidden. */
  readonly hintTop: number;
}

/** Heights from which on a part is shown. */
const FULL_ROWS = 16;
const MIDDLE_ROWS = 10;
const TABLE_ROWS = 3;
const MANY_MESSAGES_ROWS = 24;

export function layOutRegions(rows: number, messages: number): Regions {
  const full = rows >= FULL_ROWS;
  const summaryRows = rows >= MIDDLE_ROWS ? 2 : rows >= TABLE_ROWS ? 1 : 0;
  const messageRows = Math.min(
    messages,
    rows >= MANY_MESSAGES_ROWS ? 3 : rows >= MIDDLE_ROWS ? 1 : 0,
  );
  const hintTop = full ? rows - 2 : rows;
  const messageTop = hintTop - messageRows;
  const statusRow = full ? summaryRows : null;
  const titleRow = summaryRows + (full ? 1 : 0);
  const bodyTop = titleRow + 1;
  const bodyRows = Math.max(0, messageTop - bodyTop);
  return {
    summaryRows,
    statusRow,
    titleRow,
    bodyTop,
    bodyRows,
    messageTop,
    messageRows,
    hintTop,
  };
}
