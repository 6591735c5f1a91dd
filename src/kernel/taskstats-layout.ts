/**
 * Where the fields of struct taskstats are (linux/taskstats.h), by version.
 *
 * Since version 4 fields were only ever appended, with one exception: version 15 (Linux 6.14 and 6.15) put two u64,
 * `*_delay_max` and `*_delay_min`, behind each `*_delay_total`, and version 16 moved them to the end again. Versions 15
 * and 16 are equally long, so the version chooses the table, and the length gates every field of it.
 */

/** Offsets in bytes from the start of the struct. u32 unless said otherwise. */
const COMMON = {
  exitCode: 4,
  /** u8 */
  flags: 8,
  /** u64 */
  cpuCount: 16,
  /** u64, ns */
  ioWaitNs: 40,
  /** u64, ns */
  swapWaitNs: 56,
  /** u64, ns */
  cpuRunNs: 72,
  /** char[32] */
  comm: 80,
  uid: 120,
  tid: 128,
  ppid: 132,
  /** u64, µs since the task started */
  elapsedUs: 144,
  /** u64, KiB; 0 for a task without memory of its own: a kernel thread */
  peakVirtualKiB: 208,
  /** u64 */
  logicalReadBytes: 216,
  /** u64 */
  logicalWriteBytes: 224,
  /** u64 */
  readBytes: 248,
  /** u64 */
  writeBytes: 256,
  /** u64 */
  cancelledBytes: 264,
  tgid: 368,
  /** u64, µs since the main thread started */
  processElapsedUs: 376,
} as const;

export type TaskstatsField = keyof typeof COMMON;

const VERSION_15: Record<TaskstatsField, number> = {
  ...COMMON,
  ioWaitNs: 56,
  swapWaitNs: 88,
  cpuRunNs: 120,
  comm: 128,
  uid: 168,
  tid: 176,
  ppid: 180,
  elapsedUs: 192,
  peakVirtualKiB: 256,
  logicalReadBytes: 264,
  logicalWriteBytes: 272,
  readBytes: 296,
  writeBytes: 304,
  cancelledBytes: 312,
  tgid: 464,
  processElapsedUs: 472,
};

const WIDTH_BYTES: Partial<Record<TaskstatsField, number>> = {
  exitCode: 4,
  flags: 1,
  uid: 4,
  tid: 4,
  ppid: 4,
  tgid: 4,
  comm: 32,
};

/** The oldest version whose I/O fields are where the tables say. */
export const OLDEST_VERSION = 4;

/** Index in 32-bit words from the start of the struct, or -1 where a struct of this version and length has no such field. */
export type TaskstatsLayout = Readonly<Record<TaskstatsField, number>>;

export function taskstatsLayout(
  version: number,
  lengthBytes: number,
): TaskstatsLayout {
  const offsets: Readonly<Record<TaskstatsField, number>> =
    version === 15 ? VERSION_15 : COMMON;
  const layout = {} as Record<TaskstatsField, number>;
  for (const field of Object.keys(offsets) as TaskstatsField[]) {
    const end = offsets[field] + (WIDTH_BYTES[field] ?? 8);
    const present = version >= OLDEST_VERSION && end <= lengthBytes;
    layout[field] = present ? offsets[field] >> 2 : -1;
  }
  return layout;
}
