/** Rows as numbers side by side: a third of the memory that they have as objects, and none that garbage collection walks. */
import { COUNTERS } from "./counters.ts";
import { Row, unknownDelta } from "./delta.ts";
import type { IoDelta, TaskDelta, TaskInfo, Unknown } from "./sample.ts";

export interface PackedRows {
  readonly tasks: readonly TaskInfo[];
  readonly numbers: Float64Array;
}

/** Of a row: which counters and sums are not 0, and which of the parts below it has. */
const COUNTER_BITS = COUNTERS.length;
const SINCE_BIT = COUNTER_BITS;
const PART_BIT = 2 * COUNTER_BITS;
const BORN = 1;
const ENDED = 2;
const LIFETIME = 4;
const SEVERAL = 8;
const BLOCKED = 16;

/** Grows as needed, and is used again. */
let scratch = new Float64Array(1024);
let used = 0;

export function packRows(rows: readonly TaskDelta[]): PackedRows {
  used = 0;
  for (const row of rows) packRow(row);
  return {
    tasks: rows.map(({ task }) => task),
    numbers: scratch.slice(0, used),
  };
}

function packRow(row: TaskDelta): void {
  const { since, lifetime, exit, count, blockedNs } = row;
  const parts =
    (row.born ? BORN : 0) |
    (exit === null ? 0 : ENDED) |
    (lifetime === null ? 0 : LIFETIME) |
    (count === 1 ? 0 : SEVERAL) |
    (blockedNs === 0 ? 0 : BLOCKED);
  put(maskOf(row) + maskOf(since) * 2 ** SINCE_BIT + parts * 2 ** PART_BIT);
  put(row.elapsedNs);
  if (exit !== null) {
    putAmount(exit.code);
    putAmount(exit.signal);
  }
  if (lifetime !== null) {
    putAmount(lifetime.readBytes);
    putAmount(lifetime.writeBytes);
    putAmount(lifetime.cancelledBytes);
  }
  if (count !== 1) put(count);
  if (blockedNs !== 0) putAmount(blockedNs);
  putCounters(row);
  putCounters(since);
}

function maskOf(io: IoDelta): number {
  let mask = 0;
  for (let i = 0; i < COUNTER_BITS; i++)
    if (io[COUNTERS[i]!] !== 0) mask |= 1 << i;
  return mask;
}

function putCounters(io: IoDelta): void {
  for (const counter of COUNTERS) if (io[counter] !== 0) putAmount(io[counter]);
}

function putAmount(amount: number | Unknown): void {
  put(amount ?? NaN);
}

function put(value: number): void {
  if (used === scratch.length) {
    const larger = new Float64Array(2 * used);
    larger.set(scratch);
    scratch = larger;
  }
  scratch[used++] = value;
}

/** New rows, equal to those that were packed. */
export function unpackRows({ tasks, numbers }: PackedRows): TaskDelta[] {
  let at = 0;
  const take = (): number => numbers[at++]!;
  const takeAmount = (): number | Unknown => {
    const value = take();
    return Number.isNaN(value) ? null : value;
  };
  const takeCounters = (mask: number): IoDelta => {
    const io = unknownDelta();
    COUNTERS.forEach((counter, i) => {
      io[counter] = (mask & (1 << i)) === 0 ? 0 : takeAmount();
    });
    return io;
  };
  return tasks.map((task) => {
    const head = take();
    const parts = Math.floor(head / 2 ** PART_BIT);
    const has = (part: number): boolean => (parts & part) !== 0;
    const elapsedNs = take();
    const exit = has(ENDED)
      ? { code: takeAmount(), signal: takeAmount() }
      : null;
    const lifetime = has(LIFETIME)
      ? {
          readBytes: takeAmount(),
          writeBytes: takeAmount(),
          cancelledBytes: takeAmount(),
        }
      : null;
    const count = has(SEVERAL) ? take() : 1;
    const blockedNs = has(BLOCKED) ? takeAmount() : 0;
    const io = takeCounters(head % 2 ** SINCE_BIT);
    const since = takeCounters(
      Math.floor(head / 2 ** SINCE_BIT) % 2 ** COUNTER_BITS,
    );
    return new Row({
      ...{ task, io, elapsedNs, since, lifetime, count, exit, blockedNs },
      born: has(BORN),
    });
  });
}
