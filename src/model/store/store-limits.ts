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

/**
 * The files to remove, the oldest first.
 *
 * @param files all of one host
 * @param nowMs the time of the newest sample, Unix ms
 */
export function chooseExpired<F extends SizedFile>(
  files: readonly F[],
  nowMs: number,
  { keepMs, mostBytes }: StoreLimits,
): readonly F[] {
  let sumBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return files
    .filter(({ isOpen }) => !isOpen)
    .toSorted(compareStoreFiles)
    .filter((file) => {
      const isOld = storePeriodEnd(file) <= nowMs - keepMs;
      if (!isOld && sumBytes <= mostBytes) return false;
      sumBytes -= file.sizeBytes;
      return true;
    });
}
