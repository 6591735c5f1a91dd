/** The files' part of a merge of two successive samples. */
import { addCounters } from "../delta.ts";
import { fileWeight } from "../files/file-weight.ts";
import type { FileDelta } from "../files/file-delta.ts";
import type { Unknown } from "../sample.ts";

/**
 * Beyond that the least of them go together: an output that waits for hours, and a replay in long intervals, take no more
 * and more memory.
 */
const MOST_FILES = 8192;

/** Unknown in either is unknown: it would be about a part of the time. */
export function mergeFiles(
  a: readonly FileDelta[] | Unknown,
  b: readonly FileDelta[] | Unknown,
): readonly FileDelta[] | Unknown {
  if (a === null || b === null) return null;
  const sums = new Map<string, FileDelta>();
  addFiles(sums, [...a, ...b], fileUseIdentity);
  return limitFiles([...sums.values()]);
}

/** What the others had is one row, of nobody. */
function limitFiles(rows: readonly FileDelta[]): readonly FileDelta[] {
  if (rows.length <= MOST_FILES) return rows;
  const sorted = rows.toSorted((a, b) => fileWeight(b) - fileWeight(a));
  const others = sorted.slice(MOST_FILES / 2).reduce(sumOf);
  return [...sorted.slice(0, MOST_FILES / 2), { ...others, ...OF_NOBODY }];
}

const OF_NOBODY = {
  ...({ pid: null, processKey: null, comm: null, kind: "file" } as const),
  ...({ device: null, inode: null, path: null, direct: false } as const),
};

/**
 * Adds rows to sums. Rows of one identity become one.
 *
 * @param identify what is the same in rows that are added up
 */
export function addFiles(
  sums: Map<string, FileDelta>,
  rows: readonly FileDelta[],
  identify: (row: FileDelta) => string,
): void {
  for (const row of rows) {
    const id = identify(row);
    const before = sums.get(id);
    sums.set(id, before === undefined ? row : sumOf(before, row));
  }
}

/** What describes them is taken from `b`. */
function sumOf(a: FileDelta, b: FileDelta): FileDelta {
  return {
    ...b,
    readBytes: addCounters(a.readBytes, b.readBytes),
    writeBytes: addCounters(a.writeBytes, b.writeBytes),
    toDiskBytes: addCounters(a.toDiskBytes, b.toDiskBytes),
    movedBytes: addCounters(a.movedBytes, b.movedBytes),
  };
}

/**
 * The same file, whoever uses it: it has an inode number and a path. Programs that make a file after the other and delete
 * them again are given the same number each time.
 */
export const fileIdentity = ({
  kind,
  device,
  inode,
  path,
  direct,
}: FileDelta): string => JSON.stringify([kind, device, inode, path, direct]);

/** The same file of the same process. */
export const fileUseIdentity = (row: FileDelta): string =>
  `${row.pid} ${row.processKey} ${fileIdentity(row)}`;
