/**
 * The ids under which new processes are to be looked for. The kernel gives ids out in turn, to processes and threads
 * alike, and begins again after kernel.pid_max (`alloc_pid` in kernel/pid.c). So whoever began since a moment has one of
 * the ids after the one that was given out last then.
 */

/** Where the kernel begins again: the ids below are given out only once (RESERVED_PIDS in kernel/pid.c). */
const FIRST_AGAIN = 300;

/** Ids in turn, both ends included. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The ids that may have been given out after `before`, up to `last`: none, one range, or two if they began again.
 *
 * @param before the id given out last as of an earlier moment; NaN if it is not known
 * @param last as of now
 * @param pidMax kernel.pid_max, above all ids; one that has been lowered since `before` does no harm
 * @returns null if the counter was set back (kernel.ns_last_pid), or an id is not known
 */
export function idsGivenOut(
  before: number,
  last: number,
  pidMax: number,
): readonly IdRange[] | null {
  if (last === before) return [];
  if (last > before) return [{ from: before + 1, to: last }];
  if (!(last >= FIRST_AGAIN && last < before)) return null;
  const again = { from: FIRST_AGAIN, to: last };
  return before + 1 < pidMax
    ? [{ from: before + 1, to: pidMax - 1 }, again]
    : [again];
}

export const countIds = (ranges: readonly IdRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

export const includesId = (ranges: readonly IdRange[], id: number): boolean =>
  ranges.some(({ from, to }) => from <= id && id <= to);
