/** Records back to samples, for replay. What a record lacks is unknown. */
import { createSample } from "./create-sample.ts";
import { Row } from "./delta.ts";
import { JsonReader, RecordError } from "./json-reader.ts";
import { SCHEMA_MAJOR, SCHEMA_NAME } from "./record-types.ts";
import type {
  Exit,
  IoDelta,
  IoPriority,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "./sample.ts";

/** Written by an iotop whose records have another major version: no line of it can be understood. */
export class SchemaVersionError extends RecordError {}

/**
 * A sample from a parsed line of JSON. Keys that are not known are ignored; a task record becomes a row of `threads`.
 *
 * @throws RecordError on a missing identity or a value of the wrong type, SchemaVersionError on another major schema
 */
export function fromRecord(value: unknown): Sample {
  const record = new JsonReader(value);
  checkSchema(record.string("schema"));
  const timeMs = record.time("time");
  const intervalNs = seconds(record.number("interval_s"));
  const disk = record.object("disk");
  const total = record.object("total");
  const pressure = record.optionalObject("pressure");
  const health = record.object("health");
  const intervalStartMs = timeMs - intervalNs / 1e6;
  return createSample({
    seq: record.number("seq"),
    timeMs,
    uptimeS: record.number("uptime_s"),
    intervalNs,
    origin: {
      hostname: record.string("host"),
      bootId: record.string("boot_id"),
      accounting: record.oneOf("accounting", ["taskstats", "procfs"]),
      delayAccounting: record.boolean("delay_accounting"),
    },
    host: {
      ...readCounters(total),
      since: readSince(total),
      tasks: total.number("tasks"),
      diskReadBytes: disk.optionalNumber("read_bytes"),
      diskWriteBytes: disk.optionalNumber("write_bytes"),
      pressure: pressure && {
        someRatio: pressure.number("some_ratio"),
        fullRatio: pressure.number("full_ratio"),
      },
    },
    threads: record
      .objects("tasks")
      .map((task) => readRow(task, intervalNs, intervalStartMs)),
    health: {
      denied: health.number("unreadable_tasks"),
      vanished: health.optionalNumber("vanished_tasks") ?? 0,
      lostExits: health.number("lost_exit_events"),
      exitEvents: health.boolean("exit_events"),
      scanNs: seconds(health.number("scan_s")),
    },
    backgrounds: new Map(),
  });
}

function checkSchema(schema: string): void {
  const [name, major] = schema.split("/", 2);
  if (name !== SCHEMA_NAME)
    throw new RecordError(`"${schema}" is no recording of iotop`);
  if (major !== String(SCHEMA_MAJOR)) {
    throw new SchemaVersionError(
      `"${schema}" is not understood, only ${SCHEMA_NAME}/${SCHEMA_MAJOR}: another version of iotop wrote it`,
    );
  }
}

function readRow(
  record: JsonReader,
  intervalNs: number,
  intervalStartMs: number,
): TaskDelta {
  const task = readTask(record);
  const life = record.oneOf("life", ["running", "new", "exited"]);
  const elapsedS = record.optionalNumber("elapsed_s");
  return new Row({
    task,
    io: readCounters(record),
    elapsedNs: elapsedS === null ? intervalNs : seconds(elapsedS),
    since: readSince(record),
    count: record.optionalNumber("threads") ?? 1,
    born:
      life === "new" || (life === "exited" && task.startMs >= intervalStartMs),
    exit: life === "exited" ? readExit(record) : null,
  });
}

function readTask(record: JsonReader): TaskInfo {
  const tid = record.number("tid");
  const startMs = record.time("start_time");
  const isKernelThread = record.optionalBoolean("kernel_thread") ?? false;
  const cmdline = record.optionalString("cmdline");
  const pid = record.number("pid");
  // Without keys, as other programs may write it: all that had a pid are one process.
  return {
    key: record.optionalString("key") ?? `${tid}.${startMs}`,
    tid,
    pid,
    processKey: record.optionalString("process_key") ?? String(pid),
    ppid: record.number("ppid"),
    startMs,
    comm: record.string("comm"),
    uid: record.number("uid"),
    isKernelThread,
    user: record.string("user"),
    cmdline: isKernelThread ? [] : readArguments(cmdline),
    longName: null,
    ioPriority: readPriority(record.optionalString("io_prio")),
    cgroup: record.optionalString("cgroup"),
  };
}

/** Where one argument ends is not recorded: the line is kept as one, which shows the same. */
function readArguments(cmdline: string | null): readonly string[] | Unknown {
  if (cmdline === null) return null;
  return cmdline === "" ? [] : [cmdline];
}

function readExit(record: JsonReader): Exit {
  return {
    code: record.optionalNumber("exit_code"),
    signal: record.optionalNumber("exit_signal"),
  };
}

const PRIORITY = /^(?:(rt|be)\/([0-7])|(idle|none))$/;

function readPriority(text: string | null): IoPriority | Unknown {
  const [, leveled, level, other] = PRIORITY.exec(text ?? "") ?? [];
  const name = (leveled ?? other) as IoPriority["class"] | undefined;
  return name === undefined ? null : { class: name, level: Number(level ?? 0) };
}

function readCounters(record: JsonReader): IoDelta {
  return {
    readBytes: record.optionalNumber("read_bytes"),
    writeBytes: record.optionalNumber("write_bytes"),
    cancelledBytes: record.optionalNumber("cancelled_write_bytes"),
    logicalReadBytes: record.optionalNumber("logical_read_bytes"),
    logicalWriteBytes: record.optionalNumber("logical_write_bytes"),
    readCalls: record.optionalNumber("read_calls"),
    writeCalls: record.optionalNumber("write_calls"),
    ioWaitNs: record.optionalNumber("io_delay_ns"),
    swapWaitNs: record.optionalNumber("swapin_delay_ns"),
  };
}

function readSince(record: JsonReader): IoDelta {
  return {
    readBytes: record.optionalNumber("since_read_bytes"),
    writeBytes: record.optionalNumber("since_write_bytes"),
    cancelledBytes: record.optionalNumber("since_cancelled_write_bytes"),
    logicalReadBytes: null,
    logicalWriteBytes: null,
    readCalls: null,
    writeCalls: null,
    ioWaitNs: null,
    swapWaitNs: null,
  };
}

function seconds(amount: number): number {
  return Math.round(amount * 1e9);
}
