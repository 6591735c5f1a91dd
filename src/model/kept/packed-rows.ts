/** Rows as numbers side by side: a sixth of the memory that they have as objects, and none that garbage collection walks. */
import { COUNTERS } from "../counters.ts";
import { Row, unknownDelta } from "../delta.ts";
import { ValueReader, ValueWriter } from "./packed-values.ts";
import { packTasks, unpackTasks, type PackedTasks } from "./packed-tasks.ts";
import type { IoDelta, TaskDelta } from "../sample.ts";

export interface PackedRows {
  readonly tasks: PackedTasks;
  readonly numbers: Uint8Array;
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

/** It is used again for each sample. */
const writer = new ValueWriter();

const NO_ROWS: PackedRows = {
  tasks: packTasks([]),
  numbers: new Uint8Array(0),
};

export function packRows(rows: readonly TaskDelta[]): PackedRows {
  if (rows.length === 0) return NO_ROWS;
  for (const row of rows) packRow(row);
  return { tasks: packTasks(rows), numbers: writer.take() };
}

function packRow(row: TaskDelta): void {
  const { since, lifetime, exit, count, blockedNs } = row;
  const parts =
    (row.born ? BORN : 0) |
    (exit === null ? 0 : ENDED) |
    (lifetime === null ? 0 : LIFETIME) |
    (count === 1 ? 0 : SEVERAL) |
    (blockedNs === 0 ? 0 : BLOCKED);
  writer.put(
    maskOf(row) + maskOf(since) * 2 ** SINCE_BIT + parts * 2 ** PART_BIT,
  );
  writer.put(row.elapsedNs);
  if (exit !== null) {
    writer.put(exit.code);
    writer.put(exit.signal);
  }
  if (lifetime !== null) {
    writer.put(lifetime.readBytes);
    writer.put(lifetime.writeBytes);
    writer.put(lifetime.cancelledBytes);
  }
  if (count !== 1) writer.put(count);
  if (blockedNs !== 0) writer.put(blockedNs);
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
  for (const counter of COUNTERS)
    if (io[counter] !== 0) writer.put(io[counter]);
}

/** New rows, equal to those that were packed. */
export function unpackRows({ tasks, numbers }: PackedRows): TaskDelta[] {
  const reader = new ValueReader(numbers);
  const takeCounters = (mask: number): IoDelta => {
    const io = unknownDelta();
    COUNTERS.forEach((counter, i) => {
      io[counter] = (mask & (1 << i)) === 0 ? 0 : reader.take();
    });
    return io;
  };
  return unpackTasks(tasks).map((task) => {
    const head = reader.takeKnown();
    const parts = Math.floor(head / 2 ** PART_BIT);
    const has = (part: number): boolean => (parts & part) !== 0;
    const elapsedNs = reader.takeKnown();
    const exit = has(ENDED)
      ? { code: reader.take(), signal: reader.take() }
      : null;
    const lifetime = has(LIFETIME)
      ? {
          readBytes: reader.take(),
          writeBytes: reader.take(),
          cancelledBytes: reader.take(),
        }
      : null;
    const count = has(SEVERAL) ? reader.takeKnown() : 1;
    const blockedNs = has(BLOCKED) ? reader.take() : 0;
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
