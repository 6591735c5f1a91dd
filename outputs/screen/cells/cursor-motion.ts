/** The shortest escape sequences that move the cursor. The Linux console understands all of them too. */

/** Column and row, from 0. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/**
 * Moves from the cursor's position, or from anywhere if that is unknown. Uses no line feed, because the terminal may
 * change it.
 */
export function moveCursor(from: Position | null, to: Position): string {
  const absolute = placeCursor(to);
  if (from === null) return absolute;
  const relative = moveInColumn(from.y, to.y) + moveInRow(from.x, to.x);
  return relative.length < absolute.length ? relative : absolute;
}

export function placeCursor({ x, y }: Position): string {
  if (x === 0) return y === 0 ? "\x1b[H" : `\x1b[${y + 1}H`;
  return `\x1b[${y === 0 ? "" : y + 1};${x + 1}H`;
}

function moveInRow(from: number, to: number): string {
  if (to === from) return "";
  if (to === 0) return "\r";
  const step = to - from;
  return shorter(step > 0 ? csi(step, "C") : left(-step), `\x1b[${to + 1}G`);
}

function left(cells: number): string {
  return shorter("\b".repeat(cells), csi(cells, "D"));
}

function moveInColumn(from: number, to: number): string {
  if (to === from) return "";
  const step = to - from;
  return shorter(
    step > 0 ? csi(step, "B") : csi(-step, "A"),
    `\x1b[${to + 1}d`,
  );
}

/** A control sequence; its number is left out if it is 1. */
export function csi(count: number, final: string): string {
  return count === 1 ? `\x1b[${final}` : `\x1b[${count}${final}`;
}

function shorter(a: string, b: string): string {
  return b.length < a.length ? b : a;
}
