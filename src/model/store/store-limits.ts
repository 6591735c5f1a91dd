/** Which files of a store have to go. */
import {
  compareStoreFiles,
  storePeriodEnd,
  type StoreFile,
} from "./store-files.ts";

export interface StoreLimits {
  /** How long a file stays after its period, ms; Infinity: always. */
  readonly keepMs: number;
  /** How large all files of a host may be together; Infinity: as large as they like. */
  readonly mostBytes: number;
}

export interface SizedFile extends StoreFile {
  readonly sizeBytes: number;
  /** It is being written, so that it stays. */
  readonly isOpen: boolean;
}

/** The part of the limit by which the file being written may grow until it is seen to: so the limit holds in between. */
export const openShareBytes = (mostBytes: number): number => mostBytes / 8;

/**
 * The files to remove, the oldest first. The newest of those that are not open goes by size only where the open one has
 * its share, so that there is always something to look at.
 *
 * @param files all of one host
 * @param nowMs the time of the newest sample, Unix ms
 */
export function chooseExpired<F extends SizedFile>(
  files: readonly F[],
  nowMs: number,
  { keepMs, mostBytes }: StoreLimits,
): readonly F[] {
  const [open, closed] = [true, false].map((isOpen) =>
    files.filter((file) => file.isOpen === isOpen).toSorted(compareStoreFiles),
  ) as [F[], F[]];
  const openBytes = sumOf(open);
  const shareBytes = openShareBytes(mostBytes);
  const toComeBytes = open.length === 0 ? 0 : shareBytes;
  let sumBytes = sumOf(closed) + openBytes + toComeBytes;
  return closed.filter((file) => {
    const isOld = storePeriodEnd(file) <= nowMs - keepMs;
    const isSpared = file === closed.at(-1) && openBytes < shareBytes;
    if (!isOld && (isSpared || sumBytes <= mostBytes)) return false;
    sumBytes -= file.sizeBytes;
    return true;
  });
}

const sumOf = (files: readonly SizedFile[]): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
