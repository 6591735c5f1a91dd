/** Samples to records, the objects of JSON lines; back again by `fromRecord`. */
import { recordedIn } from "./create-sample.ts";
import { perSecond } from "./delta.ts";
import { formatPriority } from "./format.ts";
import { othersOf } from "./others.ts";
import {
  SCHEMA_MAJOR,
  SCHEMA_NAME,
  type CountersRecord,
  type Life,
  type OtherRecord,
  type SampleRecord,
  type SinceRecord,
  type TaskRecord,
} from "./record-types.ts";
import type { IoDelta, Sample, TaskDelta, Unknown } from "./sample.ts";
import { isActive, watchedRows, type View } from "./view.ts";

export { RecordError } from "./json-reader.ts";
export { SchemaVersionError, fromRecord } from "./parse-record.ts";
export type * from "./record-types.ts";

export interface RecordOptions {
  /** List every task, not only those with I/O or waits in the interval. */
  readonly all: boolean;
  /** -p and -u choose the tasks to list, -P lists processes. The totals are always the whole machine's. */
  readonly view: View;
}

/**
 * A new plain object for JSON.stringify; of a sample from a recording the same as it was made of. For every counter: the
 * sum of `tasks` and `other` is `total`.
 */
export function toRecord(
  seen: Sample,
  { all, view }: RecordOptions,
): SampleRecord {
  const sample = recordedIn(seen);
  const { origin, host, health } = sample;
  const intervalNs = Math.round(sample.intervalNs);
  const watched = watchedRows(sample, view);
  const listed = all ? watched : watched.filter((row) => isActive(row));
  const tasks = listed.map(toTask);
  const counters = toCounters(host);
  const total: OtherRecord = {
    tasks: host.tasks,
    ...counters,
    ...toRates(counters, intervalNs),
  };
  const others = othersOf(sample, listed, view);
  const rest = toCounters(others.io);
  return {
    schema: `${SCHEMA_NAME}/${SCHEMA_MAJOR}`,
    seq: sample.seq,
    time: new Date(sample.timeMs).toISOString(),
    uptime_s: round(sample.uptimeS, 1e3),
    interval_s: intervalNs / 1e9,
    host: origin.hostname.toWellFormed(),
    boot_id: origin.bootId,
    accounting: origin.accounting,
    delay_accounting: origin.delayAccounting,
    disk: {
      read_bytes: host.diskReadBytes,
      write_bytes: host.diskWriteBytes,
      ...toRates(
        { read_bytes: host.diskReadBytes, write_bytes: host.diskWriteBytes },
        intervalNs,
      ),
    },
    total: { ...total, ...toSince(host.since) },
    other: {
      tasks: others.tasks,
      ...rest,
      ...toRates(rest, intervalNs),
    },
    pressure: host.pressure && {
      some_ratio: round(host.pressure.someRatio, 1e6),
      full_ratio: round(host.pressure.fullRatio, 1e6),
    },
    health: {
      unreadable_tasks: health.denied,
      vanished_tasks: health.vanished,
      lost_exit_events: health.lostExits,
      exit_events: health.exitEvents,
      scan_s: Math.round(health.scanNs) / 1e9,
    },
    tasks,
  };
}

/** Invisible in JSON text, or acted upon by a terminal: JSON.stringify leaves them as they are. */
const UNSAFE =
  /[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** One line of JSON without its line feed. Holds no character that a terminal would act upon. */
export function encodeRecord(record: SampleRecord): string {
  return JSON.stringify(record).replace(
    UNSAFE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function toTask(row: TaskDelta): TaskRecord {
  const { task, exit } = row;
  // Whole ns, as they are read back: rates and ratios of a replay are then the same to the last digit.
  const elapsedNs = Math.round(row.elapsedNs);
  return {
    pid: task.pid,
    tid: task.tid,
    ppid: task.ppid,
    key: task.key,
    process_key: task.processKey,
    start_time: new Date(task.startMs).toISOString(),
    life: lifeOf(row),
    comm: task.comm.toWellFormed(),
    cmdline: task.isKernelThread
      ? null
      : (task.cmdline?.join(" ").toWellFormed() ?? null),
    uid: task.uid,
    user: task.user.toWellFormed(),
    cgroup: task.cgroup?.toWellFormed() ?? null,
    io_prio: task.ioPriority && formatPriority(task.ioPriority),
    read_bytes: row.readBytes,
    write_bytes: row.writeBytes,
    cancelled_write_bytes: row.cancelledBytes,
    logical_read_bytes: row.logicalReadBytes,
    logical_write_bytes: row.logicalWriteBytes,
    read_calls: row.readCalls,
    write_calls: row.writeCalls,
    read_bytes_per_s: roundRate(row.readBytes, elapsedNs),
    write_bytes_per_s: roundRate(row.writeBytes, elapsedNs),
    io_delay_ns: row.ioWaitNs,
    io_delay_ratio: ratioOf(row.ioWaitNs, elapsedNs),
    swapin_delay_ns: row.swapWaitNs,
    swapin_delay_ratio: ratioOf(row.swapWaitNs, elapsedNs),
    since_read_bytes: row.since.readBytes,
    since_write_bytes: row.since.writeBytes,
    since_cancelled_write_bytes: row.since.cancelledBytes,
    elapsed_s: elapsedNs / 1e9,
    threads: row.count,
    kernel_thread: task.isKernelThread,
    exit_code: exit?.code ?? null,
    exit_signal: exit?.signal ?? null,
  };
}

function lifeOf(row: TaskDelta): Life {
  if (row.exit !== null) return "exited";
  return row.born ? "new" : "running";
}

function toCounters(io: IoDelta): CountersRecord {
  return {
    read_bytes: io.readBytes,
    write_bytes: io.writeBytes,
    cancelled_write_bytes: io.cancelledBytes,
    logical_read_bytes: io.logicalReadBytes,
    logical_write_bytes: io.logicalWriteBytes,
    read_calls: io.readCalls,
    write_calls: io.writeCalls,
    io_delay_ns: io.ioWaitNs,
    swapin_delay_ns: io.swapWaitNs,
  };
}

function toSince(since: IoDelta): SinceRecord {
  return {
    since_read_bytes: since.readBytes,
    since_write_bytes: since.writeBytes,
    since_cancelled_write_bytes: since.cancelledBytes,
  };
}

/** Of the bytes as counted: unlike the column DISK WRITE, cancelled writes are not taken off. */
function toRates(
  io: Pick<CountersRecord, "read_bytes" | "write_bytes">,
  elapsedNs: number,
) {
  return {
    read_bytes_per_s: roundRate(io.read_bytes, elapsedNs),
    write_bytes_per_s: roundRate(io.write_bytes, elapsedNs),
  };
}

function roundRate(amount: number | Unknown, elapsedNs: number): number | null {
  const rate = perSecond(amount, elapsedNs);
  return rate === null ? null : Math.round(rate);
}

function ratioOf(waitNs: number | Unknown, elapsedNs: number): number | null {
  if (waitNs === null) return null;
  return elapsedNs > 0 ? round(waitNs / elapsedNs, 1e6) : 0;
}

function round(amount: number, perUnit: number): number {
  return Math.round(amount * perUnit) / perUnit;
}
