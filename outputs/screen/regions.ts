/** Which parts fit, and where, from top to bottom. Pure. */

/** Screen rows, each from 0. */
export interface Regions {
  /** Lines of totals, from the first row. */
  readonly summaryRows: 0 | 1 | 2;
  readonly deviceTop: number;
  readonly deviceRows: number;
  /** Row of the status line, or null. */
  readonly statusRow: number | null;
  readonly titleRow: number;
  readonly bodyTop: number;
  readonly bodyRows: number;
  /** Lines that say what is missing, above the hints. */
  readonly noteTop: number;
  readonly noteRows: number;
  /** Row of the key hints, or null. */
  readonly hintRow: number | null;
}

export interface RegionWishes {
  readonly notes: number;
  readonly devices: number;
  readonly hints: boolean;
}

/** Heights from which on a part is shown. */
const FULL_ROWS = 16;
const STATUS_ROWS = 10;
const TWO_TOTALS_ROWS = 6;
const TABLE_ROWS = 3;
const MANY_NOTES_ROWS = 24;
/** Disks get at most this part of the rows. */
const DEVICES_SHARE = 0.25;

export function layOutRegions(rows: number, wishes: RegionWishes): Regions {
  const full = rows >= FULL_ROWS;
  const summaryRows = rows >= TWO_TOTALS_ROWS ? 2 : rows >= TABLE_ROWS ? 1 : 0;
  const deviceRows = full
    ? Math.min(wishes.devices, Math.floor(rows * DEVICES_SHARE))
    : 0;
  const statusRow = rows >= STATUS_ROWS ? summaryRows + deviceRows : null;
  const titleRow = summaryRows + deviceRows + (statusRow === null ? 0 : 1);
  const bodyTop = titleRow + 1;
  const hintRow = full && wishes.hints ? rows - 1 : null;
  const noteRows = Math.min(
    wishes.notes,
    rows >= MANY_NOTES_ROWS ? 3 : rows >= STATUS_ROWS ? 1 : 0,
  );
  const noteTop = (hintRow ?? rows) - noteRows;
  return {
    summaryRows,
    deviceTop: summaryRows,
    deviceRows,
    statusRow,
    titleRow,
    bodyTop,
    bodyRows: Math.max(0, noteTop - bodyTop),
    noteTop,
    noteRows,
    hintRow,
  };
}
