/**
 * One sample as one JSON object: the shape of a line of `--output jsonl` and of a recording. outputs/jsonl.schema.json
 * describes it for other programs. Grows by addition only; null is "not available", and keys never vanish.
 */
import type { CounterKey, RateKey, RatioKey, SinceKey } from "../counters.ts";
import type { FileKind } from "../files/file-delta.ts";
import type { DeviceKind } from "../sample.ts";

export const SCHEMA_NAME = "iotop.sample";
/** Incremented when a key is renamed or removed, or its unit changes. */
export const SCHEMA_MAJOR = 1;

/** The schema of one line a task; `SCHEMA_MAJOR` is that of its keys too. */
export const TASK_SCHEMA_NAME = "iotop.task";

export interface SampleRecord {
  readonly schema: string;
  /** A gap means that samples were merged. */
  readonly seq: number;
  /** End of the interval, ISO 8601, UTC, ms. */
  readonly time: string;
  /** The same, Unix ms. */
  readonly time_ms: number;
  readonly uptime_s: number;
  readonly interval_s: number;
  readonly host: string;
  readonly boot_id: string | null;
  readonly accounting: "taskstats" | "procfs";
  readonly delay_accounting: boolean | null;
  readonly disk: BytesRecord;
  readonly total: TotalRecord;
  /** `total` minus the listed `tasks`. */
  readonly other: OtherRecord;
  readonly pressure: PressureRecord | null;
  /** Swap space is in use for swapping. */
  readonly swap: boolean | null;
  /** In the order of /proc/diskstats. */
  readonly devices: readonly DeviceRecord[] | null;
  readonly health: HealthRecord;
  readonly tasks: readonly TaskRecord[];
  /** Only with --files. */
  readonly files?: readonly FileRecord[];
  /** Only with --by cgroup, unit or container, and at most once a second. */
  readonly cgroups?: readonly CgroupRecord[];
}

/** Bytes per second for everything counted in bytes, rounded to whole bytes. */
export type RatesRecord = {
  readonly [K in RateKey]: number | null;
};

export interface BytesRecord extends RatesRecord {
  readonly read_bytes: number | null;
  readonly write_bytes: number | null;
}

export type CountersRecord = {
  readonly [K in CounterKey]: number | null;
};

/** Since iotop began to watch. */
export type SinceRecord = {
  readonly [K in SinceKey]: number | null;
};

/** Shares of `elapsed_s`, not capped: a sum over threads can exceed 1. */
export type RatiosRecord = {
  readonly [K in RatioKey]: number | null;
};

export interface OtherRecord extends CountersRecord, RatesRecord {
  /** Tasks alive at the end of the interval. */
  readonly tasks: number;
}

export interface TotalRecord extends OtherRecord, SinceRecord {}

export interface PressureRecord {
  readonly some_ratio: number;
  readonly full_ratio: number;
}

export interface DeviceRecord extends BytesRecord {
  readonly name: string;
  readonly label: string | null;
  readonly kind: DeviceKind;
  readonly lies_on: readonly string[];
  /** Counts in sums over devices. */
  readonly physical: boolean;
  /** Completed requests. */
  readonly reads: number | null;
  readonly writes: number | null;
  /** Sums over the completed requests. */
  readonly read_time_ns: number | null;
  readonly write_time_ns: number | null;
  /** The same for one request; null if none was completed. */
  readonly read_await_ms: number | null;
  readonly write_await_ms: number | null;
  readonly queue_time_ns: number | null;
  /** Mean number of requests under way. */
  readonly queue: number | null;
  readonly busy_ns: number | null;
  /** Share of `interval_s`, at most 1. */
  readonly busy_ratio: number | null;
  /** At the end of the interval. */
  readonly in_flight: number | null;
}

export interface HealthRecord {
  readonly unreadable_tasks: number | null;
  readonly vanished_tasks: number;
  readonly lost_exit_events: number;
  readonly exit_events: boolean;
  readonly scan_s: number;
}

/** For each process, the sums of `read_bytes` and of `write_bytes` are those of the process. */
export interface FileRecord {
  /** Null: written before anyone looked. */
  readonly pid: number | null;
  readonly process_key: string | null;
  readonly comm: string | null;
  readonly kind: FileKind;
  readonly device: string | null;
  readonly inode: number | null;
  readonly path: string | null;
  /** Past the page cache. */
  readonly direct: boolean;
  readonly read_bytes: number | null;
  readonly write_bytes: number | null;
  /** What went to the device, whoever carried it there. */
  readonly to_disk_bytes: number | null;
  /** How far positions moved, where bytes cannot be had. */
  readonly moved_bytes: number | null;
}

/** What the kernel counted for a cgroup and those below it. */
export interface CgroupRecord {
  readonly path: string;
  readonly from_disk_bytes: number | null;
  readonly to_disk_bytes: number | null;
  /** The time that these cover. */
  readonly elapsed_s: number;
}

export type Life = "running" | "new" | "exited";

export interface TaskRecord
  extends CountersRecord, RatesRecord, RatiosRecord, SinceRecord {
  readonly pid: number;
  readonly tid: number;
  readonly ppid: number;
  readonly key: string;
  readonly process_key: string;
  readonly start_time: string;
  readonly life: Life;
  readonly comm: string;
  /** Arguments joined by blanks; null for kernel threads and if unknown. */
  readonly cmdline: string | null;
  readonly uid: number;
  readonly user: string;
  readonly cgroup: string | null;
  /** "be/4", "rt/0", "idle", "none". */
  readonly io_prio: string | null;
  /** All that the task has done since it began. */
  readonly lifetime_read_bytes: number | null;
  readonly lifetime_write_bytes: number | null;
  readonly lifetime_cancelled_write_bytes: number | null;
  /** The time that this task's counters cover: rates and ratios are divided by it. */
  readonly elapsed_s: number;
  /** How long the task has been stuck in state D, at the end of the interval; 0 if it is not. */
  readonly blocked_s: number | null;
  /** Threads folded into the object: 1 unless processes were asked for. */
  readonly threads: number;
  readonly kernel_thread: boolean;
  /** Null while the task lives, and if unknown. */
  readonly exit_code: number | null;
  readonly exit_signal: number | null;
  /** Whether the cgroup is that of the task that started this one. */
  readonly cgroup_inherited: boolean;
  /** Unit of systemd, or short id of the container, that the cgroup is of; null for none, and if unknown. */
  readonly unit: string | null;
  /** Short id or name; null outside of containers, and if unknown. */
  readonly container: string | null;
}

/** What every line says that is about one sample. */
interface LineRecord {
  readonly schema: string;
  readonly time: string;
  readonly time_ms: number;
  readonly seq: number;
  readonly interval_s: number;
  readonly host: string;
  readonly boot_id: string | null;
}

/** The first line of a sample that is written as one line a task. */
export interface TotalLine
  extends
    LineRecord,
    Pick<
      SampleRecord,
      "accounting" | "disk" | "total" | "other" | "pressure" | "health"
    > {
  readonly kind: "total";
}

/** One task of a sample that is written as one line a task. */
export interface TaskLine extends LineRecord, TaskRecord {
  readonly kind: "task";
}
