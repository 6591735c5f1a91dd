/** Converts samples to records, the objects of JSON lines; `fromRecord` converts them back. */
import {
  roundRate,
  addOtherCounters,
  addTaskCounters,
  addTotalCounters,
} from "./counter-record.ts";
import { toCgroupRecord } from "./cgroup-record.ts";
import { toDeviceRecord } from "./device-record.ts";
import { cgroupNames } from "../groups/cgroup-names.ts";
import { SUMMED } from "../counters.ts";
import { toFileRecord } from "./file-record.ts";
import { formatPriority } from "../text/format.ts";
import { othersOf } from "./others.ts";
import {
  SCHEMA_MAJOR,
  SCHEMA_NAME,
  type Life,
  type SampleRecord,
  type TaskRecord,
} from "./record-types.ts";
import type {
  IoDelta,
  Lifetime,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "../sample.ts";
import { cutText } from "../text/cut-text.ts";
import { isActive } from "../view/activity.ts";
import { watchedFiles, watchedRows, type View } from "../view/view.ts";

export { RecordError } from "./json-reader.ts";
export { SchemaVersionError, fromRecord } from "./parse-record.ts";
export type * from "./record-types.ts";

/** Which tasks a record lists. */
export interface RecordOptions {
  /** Whether to list every task, and not only those with I/O or waits in the interval and ends of those that had some. */
  readonly all: boolean;
  /** -p and -u select the tasks to list, -P lists processes. The totals are always those of the whole machine. */
  readonly view: View;
  /** Longer command lines are cut at a character and end in "…". 0: `cmdline` is null. Absent: they are whole. */
  readonly cmdlineBytes?: number;
}

/**
 * Converts a sample to a new plain object for a JSON line, described by outputs/jsonl.schema.json. For a replayed
 * sample, it equals the recorded one. For every counter, the sum of `tasks` and `other` is `total`.
 */
export function toRecord(
  seen: Sample,
  { all, view, cmdlineBytes = Infinity }: RecordOptions,
): SampleRecord {
  const sample = seen.recorded ?? seen;
  const { origin, host, health } = sample;
  const intervalNs = Math.round(sample.intervalNs);
  const watched = watchedRows(sample, view);
  const listed = all ? watched : withTheirEnds(watched);
  const tasks = listed.map((row) => toTask(row, cmdlineBytes));
  const others = othersOf(sample, listed, view);
  const files = watchedFiles(sample, view);
  return {
    schema: `${SCHEMA_NAME}/${SCHEMA_MAJOR}`,
    seq: sample.seq,
    time: new Date(sample.timeMs).toISOString(),
    time_ms: Math.trunc(sample.timeMs),
    uptime_s: round(sample.uptimeS, 1e3),
    interval_s: intervalNs / 1e9,
    host: origin.hostname.toWellFormed(),
    boot_id: origin.bootId,
    accounting: origin.accounting,
    delay_accounting: origin.delayAccounting,
    disk: {
      read_bytes: host.diskReadBytes,
      write_bytes: host.diskWriteBytes,
      read_bytes_per_s: roundRate(host.diskReadBytes, intervalNs),
      write_bytes_per_s: roundRate(host.diskWriteBytes, intervalNs),
    },
    total: addTotalCounters({ tasks: host.tasks }, host, intervalNs),
    other: addOtherCounters({ tasks: others.tasks }, others.io, intervalNs),
    pressure: host.pressure && {
      some_ratio: round(host.pressure.someRatio, 1e6),
      full_ratio: round(host.pressure.fullRatio, 1e6),
    },
    swap: host.hasSwap,
    devices:
      host.devices?.map((device) => toDeviceRecord(device, intervalNs)) ?? null,
    health: {
      unreadable_tasks: health.denied,
      vanished_tasks: health.vanished,
      lost_exit_events: health.lostExits,
      exit_events: health.exitEvents,
      scan_s: Math.round(health.scanNs) / 1e9,
    },
    tasks,
    ...(files === null ? {} : { files: files.map(toFileRecord) }),
    ...(sample.cgroups && { cgroups: sample.cgroups.map(toCgroupRecord) }),
  };
}

/**
 * The active rows, the ends of tasks that had moved bytes since watching began, and the end of the main thread of each
 * process that has one of these: without them, a replay would not know that they have ended, and of a process not its
 * name.
 */
function withTheirEnds(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  const isListed = (row: TaskDelta): boolean =>
    isActive(row) || (row.exit !== null && hasMoved(row.since));
  const processes = new Set<string>();
  for (const row of rows) if (isListed(row)) processes.add(row.task.processKey);
  const isEnd = ({ task, exit }: TaskDelta): boolean =>
    exit !== null && task.tid === task.pid && processes.has(task.processKey);
  return rows.filter((row) => isListed(row) || isEnd(row));
}

/** Of what a recording tells of a task since watching began: so that it is the same after a replay. */
const hasMoved = (since: IoDelta): boolean =>
  SUMMED.some((counter) => (since[counter] ?? 0) > 0);

/** Characters that are invisible in JSON text, or that terminals act upon. JSON.stringify does not escape them. */
const UNSAFE =
  /[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A record, or a part of one, as one line of JSON, without its line feed. It contains no character that a terminal would
 * act upon.
 */
export function encodeRecord(record: SampleRecord | object | string): string {
  return JSON.stringify(record).replace(
    UNSAFE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Keys are added one by one, because copying them from another object takes as long as everything else. */
type Unfinished = { -readonly [K in keyof TaskRecord]?: TaskRecord[K] };

function toTask(row: TaskDelta, cmdlineBytes: number): TaskRecord {
  const { task, exit } = row;
  // Whole ns, as they are read back: so the rates and ratios of a replay are equal to the last digit.
  const elapsedNs = Math.round(row.elapsedNs);
  const about = {
    pid: task.pid,
    tid: task.tid,
    ppid: task.ppid,
    key: task.key,
    process_key: task.processKey,
    start_time: new Date(task.startMs).toISOString(),
    life: lifeOf(row),
    comm: task.comm.toWellFormed(),
    cmdline: cmdlineOf(task, cmdlineBytes),
    uid: task.uid,
    user: task.user.toWellFormed(),
    cgroup: task.cgroup?.toWellFormed() ?? null,
    io_prio: task.ioPriority && formatPriority(task.ioPriority),
  };
  const record: Unfinished = addTaskCounters(about, row, elapsedNs);
  addLifetime(record, row.lifetime);
  record.elapsed_s = elapsedNs / 1e9;
  record.blocked_s =
    row.blockedNs === null ? null : Math.round(row.blockedNs) / 1e9;
  record.threads = row.count;
  record.kernel_thread = task.isKernelThread;
  record.exit_code = exit?.code ?? null;
  record.exit_signal = exit?.signal ?? null;
  record.cgroup_inherited = task.cgroupInherited;
  const names = task.cgroup === null ? null : cgroupNames(task.cgroup);
  record.unit = names && names.unit;
  record.container = names && names.container;
  return record as TaskRecord;
}

function cmdlineOf(
  { isKernelThread, cmdline }: TaskInfo,
  mostBytes: number,
): string | null {
  if (isKernelThread || cmdline === null || mostBytes === 0) return null;
  return cutText(cmdline.join(" ").toWellFormed(), mostBytes);
}

function addLifetime(record: Unfinished, lifetime: Lifetime | Unknown): void {
  record.lifetime_read_bytes = lifetime?.readBytes ?? null;
  record.lifetime_write_bytes = lifetime?.writeBytes ?? null;
  record.lifetime_cancelled_write_bytes = lifetime?.cancelledBytes ?? null;
}

function lifeOf(row: TaskDelta): Life {
  if (row.exit !== null) return "exited";
  return row.born ? "new" : "running";
}

function round(amount: number, perUnit: number): number {
  return Math.round(amount * perUnit) / perUnit;
}
