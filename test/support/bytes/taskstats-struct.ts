/**
 * struct taskstats of each version, laid out from the order and the types of its fields as a C compiler does it. They are
 * those of include/uapi/linux/taskstats.h: of Linux 5.10 (version 10), 6.1 (13), 6.12 (14) and 7.3 (17), and for the
 * versions between of the changes that led to them: what 11 (Linux 5.18), 12 (5.19) and 16 (6.16) appended, and where 15
 * (6.14, 6.15) put its maxima and minima. Shares nothing with the decoder.
 */

/** By the version that brought them: NAME is a u64, NAME:2 has so many bytes, NAME:4@8 so many, at a multiple of 8. */
const DECLARED: readonly (readonly [version: number, fields: string])[] = [
  [
    4,
    `version:2 ac_exitcode:4 ac_flag:1 ac_nice:1
    cpu_count cpu_delay_total blkio_count blkio_delay_total swapin_count swapin_delay_total
    cpu_run_real_total cpu_run_virtual_total
    ac_comm:32@1 ac_sched:1@8 ac_pad:3@1
    ac_uid:4@8 ac_gid:4 ac_pid:4 ac_ppid:4 ac_btime:4
    ac_etime ac_utime ac_stime ac_minflt ac_majflt
    coremem virtmem hiwater_rss hiwater_vm
    read_char write_char read_syscalls write_syscalls read_bytes write_bytes cancelled_write_bytes
    nvcsw nivcsw ac_utimescaled ac_stimescaled cpu_scaled_run_real_total`,
  ],
  [8, "freepages_count freepages_delay_total"],
  [9, "thrashing_count thrashing_delay_total"],
  [10, "ac_btime64"],
  [11, "compact_count compact_delay_total"],
  [12, "ac_tgid:4 ac_tgetime ac_exe_dev ac_exe_inode"],
  [13, "wpcopy_count wpcopy_delay_total"],
  [14, "irq_count irq_delay_total"],
  [
    16,
    `cpu_delay_max cpu_delay_min blkio_delay_max blkio_delay_min swapin_delay_max swapin_delay_min
    freepages_delay_max freepages_delay_min thrashing_delay_max thrashing_delay_min
    compact_delay_max compact_delay_min wpcopy_delay_max wpcopy_delay_min irq_delay_max irq_delay_min`,
  ],
  [
    17,
    `cpu_delay_max_ts:16@8 blkio_delay_max_ts:16@8 swapin_delay_max_ts:16@8 freepages_delay_max_ts:16@8
    thrashing_delay_max_ts:16@8 compact_delay_max_ts:16@8 wpcopy_delay_max_ts:16@8 irq_delay_max_ts:16@8`,
  ],
];

/** Those whose structs differ. */
export const VERSIONS = [4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] as const;

export interface Struct {
  /** By name: offset and width in bytes. */
  readonly fields: ReadonlyMap<string, readonly [number, number]>;
  readonly lengthBytes: number;
}

/** A version of the future has at least what the last known one has. */
export function structOf(version: number): Struct {
  const words = DECLARED.filter(
    ([since]) => since <= Math.max(version, DECLARED[0]![0]),
  ).flatMap(([, fields]) => fields.split(/\s+/));
  const fields = new Map<string, readonly [number, number]>();
  let end = 0;
  for (const word of version === 15 ? words.flatMap(withExtremes) : words) {
    const [, name = "", width = "8", alignment = width] =
      /^(\w+)(?::(\d+))?(?:@(\d+))?$/.exec(word) ?? [];
    const offset = alignUp(end, Number(alignment));
    fields.set(name, [offset, Number(width)]);
    end = offset + Number(width);
  }
  return { fields, lengthBytes: alignUp(end, 8) };
}

/** Version 15 alone has them where they belong. */
function withExtremes(word: string): readonly string[] {
  const [, delay] = /^(\w+_delay)_total$/.exec(word) ?? [];
  return delay === undefined ? [word] : [word, `${delay}_max`, `${delay}_min`];
}

const alignUp = (offset: number, alignment: number): number =>
  Math.ceil(offset / alignment) * alignment;
