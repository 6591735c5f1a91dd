/** A sample as lines that log shippers take: one for the whole machine, then one for each listed task. */
import { utf8Bytes } from "../text/cut-text.ts";
import {
  SCHEMA_MAJOR,
  TASK_SCHEMA_NAME,
  type TaskLine,
  type TotalLine,
} from "./record-types.ts";
import { encodeRecord, toRecord, type RecordOptions } from "./record.ts";
import type { Sample } from "../sample.ts";

/** Shippers cut or drop longer lines: Fluent Bit those above 32 kB, journald above 48 kB. */
const MOST_LINE_BYTES = 16_000;
const MOST_CMDLINE_BYTES = 4096;

/** The texts that may be long, in the order in which they are cut. */
const LONG = ["cmdline", "cgroup", "unit", "container", "user"] as const;

/**
 * Lines of JSON for one sample, without line feeds, described by outputs/jsonl-task.schema.json: one of `kind` "total",
 * then one of `kind` "task" for each task that `toRecord` lists. For every counter, the sum over the tasks and `other` is
 * `total`. Command lines are cut at 4096 bytes unless told otherwise, and no line is longer than 16,000 bytes.
 */
export function taskLines(sample: Sample, options: RecordOptions): string[] {
  const record = toRecord(sample, {
    ...options,
    cmdlineBytes: options.cmdlineBytes ?? MOST_CMDLINE_BYTES,
  });
  const { time, time_ms, seq, interval_s, host, boot_id, tasks } = record;
  const { accounting, disk, total, other, pressure, health } = record;
  const schema = `${TASK_SCHEMA_NAME}/${SCHEMA_MAJOR}`;
  const about = { time, time_ms, seq, interval_s, host, boot_id };
  const first: TotalLine = {
    ...{ schema, kind: "total", ...about, accounting },
    ...{ disk, total, other, pressure, health },
  };
  return [
    encodeRecord(first),
    ...tasks.map((task) => fit({ schema, kind: "task", ...about, ...task })),
  ];
}

/** A character may take six bytes in JSON, so that a cut command line alone does not bound the line. */
function fit(line: TaskLine): string {
  let fitted = line;
  let text = encodeRecord(fitted);
  for (const key of LONG) {
    const bytes = utf8Bytes(text);
    if (bytes < MOST_LINE_BYTES) return text;
    const whole = fitted[key];
    if (whole === null) continue;
    const room = MOST_LINE_BYTES - 1 - (bytes - encodedBytes(whole));
    fitted = { ...fitted, [key]: cutEncoded(whole, room) };
    text = encodeRecord(fitted);
  }
  return text;
}

const encodedBytes = (text: string): number => utf8Bytes(encodeRecord(text));

/** The longest beginning that, with "…" after it, takes at most so many bytes as JSON; at least "…". */
function cutEncoded(text: string, mostBytes: number): string {
  let fits = 0;
  let tooLong = text.length + 1;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (encodedBytes(`${text.slice(0, middle)}…`) <= mostBytes) fits = middle;
    else tooLong = middle;
  }
  // Half of a pair is no character.
  const isHalf = !text.slice(0, fits).isWellFormed();
  return `${text.slice(0, isHalf ? fits - 1 : fits)}…`;
}
