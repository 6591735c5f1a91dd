/** The counters in a record: their keys, in the order of a line of JSON, and the conversion in both directions. */
import {
  COUNTERS,
  COUNTER_ENTRIES,
  SUMMED,
  TIMED,
  WAITS,
  type Counter,
} from "../counters.ts";
import { perSecond, unknownDelta } from "../delta.ts";
import type { JsonReader } from "./json-reader.ts";
import type {
  CountersRecord,
  RatesRecord,
  RatiosRecord,
  SinceRecord,
} from "./record-types.ts";
import type { HostDelta, IoDelta, TaskDelta, Unknown } from "../sample.ts";
import { compile } from "../unroll.ts";

/** One key of a record that comes from a counter. */
export interface CounterField {
  readonly key: string;
  /** One sentence for the documents. */
  readonly about: string;
  /** Whether it is a fraction, from 0 on; otherwise it is a count. */
  readonly isRatio: boolean;
  /** Code that computes the value from `io` and `elapsedNs`. */
  readonly value: string;
}

const countOf = (counter: Counter): CounterField => {
  const { key, about } = COUNTER_ENTRIES[counter];
  return { key, about, isRatio: false, value: `io.${counter}` };
};

/** Uses the bytes as counted: unlike the column DISK WRITE, it does not subtract cancelled writes. */
const rateOf = (counter: Counter): CounterField => {
  const { key } = COUNTER_ENTRIES[counter];
  return {
    key: `${key}_per_s`,
    about: `${key} per second of the time they took, rounded.`,
    isRatio: false,
    value: `rate(io.${counter}, elapsedNs)`,
  };
};

const ratioOf = (counter: Counter): CounterField => {
  const { key } = COUNTER_ENTRIES[counter];
  return {
    key: key.replace(/_ns$/, "_ratio"),
    about: `${key} divided by elapsed_s. It may be more than 1: it is a sum over threads, and a long wait counts when it is over.`,
    isRatio: true,
    value: `ratio(io.${counter}, elapsedNs)`,
  };
};

const sinceOf = (counter: Counter): CounterField => {
  const { key } = COUNTER_ENTRIES[counter];
  return {
    key: `since_${key}`,
    about: `${key} since iotop started.`,
    isRatio: false,
    value: `io.since.${counter}`,
  };
};

const isWait = (counter: Counter): boolean => WAITS.includes(counter);
const isMoved = (counter: Counter): boolean => !isWait(counter);
const RATES = TIMED.filter(isMoved).map(rateOf);
const SINCE = SUMMED.map(sinceOf);

/** The keys that follow `tasks` in the record of the other tasks. */
export const OTHER_FIELDS = [...COUNTERS.map(countOf), ...RATES];
export const TOTAL_FIELDS = [...OTHER_FIELDS, ...SINCE];
export const TASK_FIELDS = [
  ...COUNTERS.filter(isMoved).map(countOf),
  ...RATES,
  ...WAITS.flatMap((wait) => [
    countOf(wait),
    ...(TIMED.includes(wait) ? [ratioOf(wait)] : []),
  ]),
  ...SINCE,
];

/** A function that adds these keys to a record, in order, from counters and the time that they cover. */
const writer = <T, Keys>(fields: readonly CounterField[]) =>
  compile<<R extends object>(record: R, io: T, elapsedNs: number) => R & Keys>(
    `(record, io, elapsedNs) => {
      ${fields.map(({ key, value }) => `record.${key} = ${value};`).join("\n")}
      return record;
    }`,
    { rate: roundRate, ratio: roundRatio },
  );

export const addOtherCounters = writer<IoDelta, CountersRecord & RatesRecord>(
  OTHER_FIELDS,
);
export const addTotalCounters = writer<
  HostDelta,
  CountersRecord & RatesRecord & SinceRecord
>(TOTAL_FIELDS);
export const addTaskCounters = writer<
  TaskDelta,
  CountersRecord & RatesRecord & RatiosRecord & SinceRecord
>(TASK_FIELDS);

/** Whole bytes per second. */
export function roundRate(
  amount: number | Unknown,
  elapsedNs: number,
): number | null {
  const rate = perSecond(amount, elapsedNs);
  return rate === null ? null : Math.round(rate);
}

/** A share of the time, rounded to a millionth. */
function roundRatio(
  waitNs: number | Unknown,
  elapsedNs: number,
): number | null {
  if (waitNs === null) return null;
  return elapsedNs > 0 ? Math.round((waitNs / elapsedNs) * 1e6) / 1e6 : 0;
}

export function readCounters(record: JsonReader): IoDelta {
  const io = unknownDelta();
  for (const counter of COUNTERS)
    io[counter] = record.optionalCount(COUNTER_ENTRIES[counter].key);
  return io;
}

export function readSince(record: JsonReader): IoDelta {
  const since = unknownDelta();
  for (const counter of SUMMED)
    since[counter] = record.optionalCount(
      `since_${COUNTER_ENTRIES[counter].key}`,
    );
  return since;
}
