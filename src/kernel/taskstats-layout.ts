/**
 * Where the fields of struct taskstats are (linux/taskstats.h), by version.
 *
 * Since version 4, fields have only been appended, with one exception: version 15 (Linux 6.14 and 6.15) inserted two
 * u64, `*_delay_max` and `*_delay_min`, after each `*_delay_total`, and version 16 moved them to the end. Versions 15
 * and 16 have the same length, so the version chooses the table, and the length decides which of its fields exist.
 *
 * Fields have the kernel's names.
 */

/** Offsets in bytes from the start of the struct. u32 unless said otherwise. */
const COMMON = {
  ac_exitcode: 4,
  /** u8 */
  ac_flag: 8,
  /** u64 */
  cpu_count: 16,
  /** u64, ns */
  blkio_delay_total: 40,
  /** u64, ns */
  swapin_delay_total: 56,
  /** u64, ns */
  cpu_run_virtual_total: 72,
  /** char[32] */
  ac_comm: 80,
  ac_uid: 120,
  ac_pid: 128,
  ac_ppid: 132,
  /** u64, µs since the task started */
  ac_etime: 144,
  /** u64, KiB; 0 for a task without memory of its own: a kernel thread */
  hiwater_vm: 208,
  /** u64 */
  read_char: 216,
  /** u64 */
  write_char: 224,
  /** u64 */
  read_bytes: 248,
  /** u64 */
  write_bytes: 256,
  /** u64 */
  cancelled_write_bytes: 264,
  ac_tgid: 368,
  /** u64, µs since the main thread started */
  ac_tgetime: 376,
} as const;

export type TaskstatsField = keyof typeof COMMON;

const VERSION_15: Record<TaskstatsField, number> = {
  ...COMMON,
  blkio_delay_total: 56,
  swapin_delay_total: 88,
  cpu_run_virtual_total: 120,
  ac_comm: 128,
  ac_uid: 168,
  ac_pid: 176,
  ac_ppid: 180,
  ac_etime: 192,
  hiwater_vm: 256,
  read_char: 264,
  write_char: 272,
  read_bytes: 296,
  write_bytes: 304,
  cancelled_write_bytes: 312,
  ac_tgid: 464,
  ac_tgetime: 472,
};

const WIDTH_BYTES: Partial<Record<TaskstatsField, number>> = {
  ac_exitcode: 4,
  ac_flag: 1,
  ac_uid: 4,
  ac_pid: 4,
  ac_ppid: 4,
  ac_tgid: 4,
  ac_comm: 32,
};

/** The oldest version whose I/O fields are where the tables say. */
const OLDEST_VERSION = 4;

/**
 * Index in 32-bit words from the start of the struct, or -1 if a struct of this version and length has no such field.
 */
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
