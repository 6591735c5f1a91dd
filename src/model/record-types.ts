/**
 * One sample as one JSON object: the shape of a line of `--output jsonl` and of a recording, described for other
 * programs in outputs/jsonl.schema.json. Grows by addition only; null is "not available", and keys never vanish.
 */
import type { CounterKey, RateKey, RatioKey, SinceKey } from "./counters.ts";

export const SCHEMA_NAME = "iotop.sample";
/** Renaming, removing or changing the unit of a key bumps it. */
export const SCHEMA_MAJOR = 1;

export interface SampleRecord {
  readonly schema: string;
  /** A gap means that samples were merged. */
  readonly seq: number;
  /** End of the interval, ISO 8601, UTC, ms. */
  readonly time: string;
  readonly uptime_s: number;
  readonly interval_s: number;
  readonly host: string;
  readonly boot_id: string | null;
  readonly accounting: "taskstats" | "procfs";
  readonly delay_accounting: boolean | null;
  readonly disk: BytesRecord;
  readonly total: TotalRecord;
  /** `total` less the listed `tasks`. */
  readonly other: OtherRecord;
  readonly pressure: PressureRecord | null;
  readonly health: HealthRecord;
  readonly tasks: readonly TaskRecord[];
}

/** Bytes per second of what is moved, rounded to whole bytes. */
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

/** Shares of `elapsed_s`, not capped: a sum over threads passes 1. */
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

export interface HealthRecord {
  readonly unreadable_tasks: number | null;
  readonly vanished_tasks: number;
  readonly lost_exit_events: number;
  readonly exit_events: boolean;
  readonly scan_s: number;
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
  /** Arguments joined by blanks; null for kernel threads and where it is not known. */
  readonly cmdline: string | null;
  readonly uid: number;
  readonly user: string;
  readonly cgroup: string | null;
  /** "be/4", "rt/0", "idle", "none". */
  readonly io_prio: string | null;
  /** Time that this task's counters cover: what its rates and ratios divide by. */
  readonly elapsed_s: number;
  /** Threads folded into the object: 1 unless processes were asked for. */
  readonly threads: number;
  readonly kernel_thread: boolean;
  /** Null while the task lives, and where it is not known. */
  readonly exit_code: number | null;
  readonly exit_signal: number | null;
}
