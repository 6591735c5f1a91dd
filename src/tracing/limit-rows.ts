/** What of many files is told in a sample: more than a few thousand rows nobody reads, and each output would copy them. Pure. */
import type { FileRow } from "./file-row.ts";

/**
 * The files with the most stay. What a process did with the others is one row for each device, without a path, so that its
 * sums stay what they are.
 */
export function limitRows(
  rows: readonly FileRow[],
  most: number,
): readonly FileRow[] {
  if (rows.length <= most) return rows;
  const named = rows
    .filter(({ inode }) => inode !== null)
    .sort((a, b) => weightOf(b) - weightOf(a));
  const others = new Map<string, FileRow>();
  for (const row of named.slice(most)) {
    const id = idOf(row);
    const sum = others.get(id);
    if (sum === undefined) others.set(id, { ...row, inode: null, path: null });
    else addRow(sum, row);
  }
  for (const row of rows)
    if (row.inode === null) {
      const sum = row.kind === "file" ? others.get(idOf(row)) : undefined;
      if (sum === undefined) others.set(`${others.size}`, row);
      else addRow(sum, row);
    }
  return [...named.slice(0, most), ...others.values()];
}

const weightOf = (row: FileRow): number =>
  row.readBytes + Math.max(row.writeBytes, row.toDiskBytes);

const idOf = ({ process, device, direct }: FileRow): string =>
  JSON.stringify([process, device, direct]);

function addRow(sum: FileRow, row: FileRow): void {
  sum.readBytes += row.readBytes;
  sum.writeBytes += row.writeBytes;
  sum.toDiskBytes += row.toDiskBytes;
}
