/** Records back to samples, for replay. Whatever a record lacks is unknown. */
import { readCgroup } from "./cgroup-record.ts";
import { readCounters, readSince } from "./counter-record.ts";
import { COUNTERS, COUNTER_ENTRIES } from "../counters.ts";
import { createSample } from "../create-sample.ts";
import { Row, sumDeltas, unknownDelta } from "../delta.ts";
import { readDevice } from "./device-record.ts";
import { readFile } from "./file-record.ts";
import { escapeText } from "../text/format.ts";
import { JsonReader, RecordError } from "./json-reader.ts";
import { SCHEMA_MAJOR, SCHEMA_NAME, TASK_SCHEMA_NAME } from "./record-types.ts";
import type {
  Exit,
  IoDelta,
  IoPriority,
  Lifetime,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
  Unlisted,
} from "../sample.ts";

const QUOTED_CHARACTERS = 40;

/** The record has another major version of the schema: no line of it can be understood. */
export class SchemaVersionError extends RecordError {}

/**
 * A sample from a parsed line of JSON. Unknown keys are ignored; a task record becomes a row of `threads`.
 *
 * @throws RecordError on a missing identity or a value of the wrong type, SchemaVersionError on another major schema
 */
export function fromRecord(value: unknown): Sample {
  const record = new JsonReader(value);
  checkSchema(record.string("schema"));
  const timeMs = record.time("time");
  const intervalNs = seconds(record.amount("interval_s"));
  const disk = record.object("disk");
  const total = record.object("total");
  const pressure = record.optionalObject("pressure");
  const health = record.object("health");
  const intervalStartMs = timeMs - intervalNs / 1e6;
  const counters = readCounters(total);
  const threads = record
    .objects("tasks")
    .map((task) => readRow(task, intervalNs, intervalStartMs));
  checkTotal(counters, threads);
  return createSample({
    seq: record.count("seq", 1),
    timeMs,
    uptimeS: record.amount("uptime_s"),
    intervalNs,
    origin: {
      hostname: record.string("host"),
      bootId: record.optionalString("boot_id"),
      accounting: record.oneOf("accounting", ["taskstats", "procfs"]),
      delayAccounting: record.optionalBoolean("delay_accounting"),
    },
    host: {
      ...counters,
      since: readSince(total),
      tasks: total.count("tasks"),
      diskReadBytes: disk.optionalCount("read_bytes"),
      diskWriteBytes: disk.optionalCount("write_bytes"),
      pressure: pressure && {
        someRatio: pressure.amount("some_ratio"),
        fullRatio: pressure.amount("full_ratio"),
      },
      devices: record.optionalObjects("devices")?.map(readDevice) ?? null,
      hasSwap: record.optionalBoolean("swap"),
    },
    threads,
    health: {
      denied: health.optionalCount("unreadable_tasks"),
      vanished: health.optionalCount("vanished_tasks") ?? 0,
      lostExits: health.count("lost_exit_events"),
      exitEvents: health.boolean("exit_events"),
      scanNs: seconds(health.amount("scan_s")),
    },
    endedThreads: new Map(),
    unlisted: readUnlisted(record.optionalObject("other")),
    files: record.optionalObjects("files")?.map(readFile) ?? null,
    cgroups: record.optionalObjects("cgroups")?.map(readCgroup) ?? null,
  });
}

function checkSchema(schema: string): void {
  const [name, major] = schema.split("/", 2);
  if (name === TASK_SCHEMA_NAME)
    throw new RecordError(
      "a line for each task (jsonl,shape=task) is not a recording: record without shape=task",
    );
  if (name !== SCHEMA_NAME)
    throw new RecordError(`${quote(schema)} is not a recording of iotop`);
  if (major !== String(SCHEMA_MAJOR)) {
    throw new SchemaVersionError(
      `${quote(schema)} was written by another version of iotop: this one reads ${SCHEMA_NAME}/${SCHEMA_MAJOR}`,
    );
  }
}

/** Listed tasks are a part of all tasks: otherwise the remainder for the others would be negative. */
function checkTotal(total: IoDelta, rows: readonly TaskDelta[]): void {
  const sum = sumDeltas(rows);
  for (const counter of COUNTERS) {
    if (total[counter] === null || (sum[counter] ?? 0) <= total[counter])
      continue;
    const { key } = COUNTER_ENTRIES[counter];
    throw new RecordError(`tasks add up to more than total.${key}`);
  }
}

/** The value may be any text of any length. */
function quote(text: string): string {
  const head = escapeText(text.slice(0, QUOTED_CHARACTERS));
  return `"${head}${text.length > QUOTED_CHARACTERS ? "~" : ""}"`;
}

function readRow(
  record: JsonReader,
  intervalNs: number,
  intervalStartMs: number,
): TaskDelta {
  const task = readTask(record);
  const life = record.oneOf("life", ["running", "new", "exited"]);
  const elapsedS = record.optionalAmount("elapsed_s");
  const blockedS = record.optionalAmount("blocked_s");
  return new Row({
    task,
    io: readCounters(record),
    elapsedNs: elapsedS === null ? intervalNs : seconds(elapsedS),
    since: readSince(record),
    count: record.optionalCount("threads", 1) ?? 1,
    born:
      life === "new" || (life === "exited" && task.startMs >= intervalStartMs),
    exit: life === "exited" ? readExit(record) : null,
    blockedNs: blockedS === null ? null : seconds(blockedS),
    lifetime: readLifetime(record),
  });
}

function readLifetime(record: JsonReader): Lifetime | Unknown {
  const readBytes = record.optionalCount("lifetime_read_bytes");
  const writeBytes = record.optionalCount("lifetime_write_bytes");
  const cancelledBytes = record.optionalCount("lifetime_cancelled_write_bytes");
  return readBytes === null && writeBytes === null && cancelledBytes === null
    ? null
    : { readBytes, writeBytes, cancelledBytes };
}

function readTask(record: JsonReader): TaskInfo {
  const tid = record.count("tid", 1);
  const startMs = record.time("start_time");
  const isKernelThread = record.optionalBoolean("kernel_thread") ?? false;
  const cmdline = record.optionalString("cmdline");
  const pid = record.count("pid", 1);
  // Other programs may write records without keys: then all rows with the same pid are one process.
  return {
    key: record.optionalString("key") ?? `${tid}.${startMs}`,
    tid,
    pid,
    processKey: record.optionalString("process_key") ?? String(pid),
    ppid: record.count("ppid"),
    startMs,
    comm: record.string("comm"),
    uid: record.count("uid"),
    isKernelThread,
    user: record.string("user"),
    cmdline: isKernelThread ? [] : readArguments(cmdline),
    longName: null,
    ioPriority: readPriority(record.optionalString("io_prio")),
    cgroup: record.optionalString("cgroup"),
    cgroupInherited: record.optionalBoolean("cgroup_inherited") ?? false,
    state: null,
  };
}

/** The record does not say where arguments end: the line is kept as one argument, which looks the same. */
function readArguments(cmdline: string | null): readonly string[] | Unknown {
  if (cmdline === null) return null;
  return cmdline === "" ? [] : [cmdline];
}

function readExit(record: JsonReader): Exit {
  return {
    code: record.optionalCount("exit_code", 0, 255),
    signal: record.optionalCount("exit_signal"),
  };
}

const PRIORITY = /^(?:(rt|be)\/([0-7])|(idle|none))$/;

function readPriority(text: string | null): IoPriority | Unknown {
  const [, leveled, level, other] = PRIORITY.exec(text ?? "") ?? [];
  const name = (leveled ?? other) as IoPriority["class"] | undefined;
  return name === undefined ? null : { class: name, level: Number(level ?? 0) };
}

function readUnlisted(other: JsonReader | null): Unlisted {
  return other === null
    ? { tasks: null, io: unknownDelta() }
    : { tasks: other.optionalCount("tasks"), io: readCounters(other) };
}

function seconds(amount: number): number {
  return Math.round(amount * 1e9);
}
