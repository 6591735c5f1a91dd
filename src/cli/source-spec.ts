/** Where the samples come from: `--source NAME[,KEY=VALUE]...`, or a recording. */
import { UsageError } from "../errors.ts";
import { parseModuleOptions } from "../output-options/module-options.ts";
import type { OptionSpecs } from "../model/output.ts";
import { parseDecimal } from "../model/text/amounts.ts";
import {
  TIME_FORMS,
  parseTimeText,
  type TimeText,
  type WindowText,
} from "../model/text/time-text.ts";
import { parsePairs, splitAtCommas } from "../output-options/output-spec.ts";

export interface LiveSpec {
  readonly kind: "live";
  readonly source: "auto" | "taskstats" | "procfs";
  readonly idleDetection: boolean;
  readonly exitBufferBytes: number;
  /** A file for a line about each record that was not simply of the task known under its id. */
  readonly tracePath: string | null;
}

export interface ReplaySpec {
  readonly kind: "replay";
  /** Files and folders; "-" is stdin. */
  readonly paths: readonly string[];
  /** How many times faster than recorded; null: as fast as the outputs take it. */
  readonly speed: number | null;
  /** The host that is shown; null: all. */
  readonly host: string | null;
  /** The part of it that is wanted. */
  readonly window: WindowText;
  /** Samples are merged until they are at least so long, ms; null: they are not. */
  readonly lengthMs: number | null;
}

export type SourceSpec = LiveSpec | ReplaySpec;

export const SOURCES = ["auto", "taskstats", "procfs"] as const;

/** The kernel doubles the requested size, in a 32-bit int, and takes no less than 2,304 bytes. */
const MIN_BUFFER_KIB = 2;
const MAX_BUFFER_KIB = 1_048_575;

const ANY_OPTIONS = {
  idle: { type: "boolean", default: true, about: "" },
  trace: { type: "string", about: "" },
} as const satisfies OptionSpecs;
const TASKSTATS_OPTIONS = {
  ...ANY_OPTIONS,
  buffer: {
    type: "number",
    integer: true,
    default: 65_536,
    min: MIN_BUFFER_KIB,
    max: MAX_BUFFER_KIB,
    about: "",
  },
} as const satisfies OptionSpecs;

/** @throws UsageError */
export function parseSourceSpec(text: string): LiveSpec {
  const label = `--source ${text}`;
  const [name = "", ...pairs] = splitAtCommas(text);
  const source = SOURCES.find((known) => known === name);
  if (source === undefined)
    throw new UsageError(`${label}: must be one of ${SOURCES.join(", ")}`);
  const {
    idle = true,
    buffer = TASKSTATS_OPTIONS.buffer.default,
    trace = null,
  } = parseModuleOptions(
    { name: `--source ${name}`, options: parsePairs(pairs, label) },
    source === "procfs" ? ANY_OPTIONS : TASKSTATS_OPTIONS,
  ) as {
    readonly idle?: boolean;
    readonly buffer?: number;
    readonly trace?: string;
  };
  return {
    kind: "live",
    source,
    idleDetection: idle,
    exitBufferBytes: buffer * 1024,
    tracePath: trace,
  };
}

/** @throws UsageError */
export function parseSpeed(text: string): number | null {
  if (text === "max") return null;
  const speed = parseDecimal(text);
  if (!(speed > 0 && speed < Infinity))
    throw new UsageError(
      `--speed ${text}: must be a number above 0, such as 0.5 or 60, or max`,
    );
  return speed;
}

/**
 * @param option that takes the time, "--from"
 * @throws UsageError
 */
export function parseTime(text: string, option: string): TimeText {
  const time = parseTimeText(text);
  if (time === null) throw new UsageError(`${option} ${text}: ${TIME_FORMS}`);
  return time;
}
