/** From columns to the numbers that outputs see: NaN inside, null outside. */
import { COUNTER } from "../kernel/taskstats.ts";
import type { IoDelta } from "../model/sample.ts";
import { COUNTER_COUNT, type TaskTable } from "./table.ts";

const outside = (n: number): number | null => (Number.isNaN(n) ? null : n);

/** Differences of two columns for one slot; the waits are unknown where the kernel did not count them. */
function difference(
  to: Float64Array,
  from: Float64Array,
  slot: number,
  waitsKnown: boolean,
): IoDelta {
  const at = slot * COUNTER_COUNT;
  const d = (i: number): number | null => outside(to[at + i]! - from[at + i]!);
  return {
    readBytes: d(COUNTER.readBytes),
    writeBytes: d(COUNTER.writeBytes),
    cancelledBytes: d(COUNTER.cancelledBytes),
    logicalReadBytes: d(COUNTER.logicalReadBytes),
    logicalWriteBytes: d(COUNTER.logicalWriteBytes),
    readCalls: d(COUNTER.readCalls),
    writeCalls: d(COUNTER.writeCalls),
    ioWaitNs: waitsKnown ? d(COUNTER.ioWaitNs) : null,
    swapWaitNs: waitsKnown ? d(COUNTER.swapWaitNs) : null,
  };
}

/** What is new since the last sample. */
export const newOf = (table: TaskTable, slot: number, waitsKnown: boolean) =>
  difference(table.now, table.told, slot, waitsKnown);

/** All that was told, since watching began. */
export const sinceOf = (table: TaskTable, slot: number, waitsKnown: boolean) =>
  difference(table.told, table.base, slot, waitsKnown);

/** Whether a counter is higher in the one column than in the other. */
export function isAhead(
  column: Float64Array,
  other: Float64Array,
  slot: number,
): boolean {
  const at = slot * COUNTER_COUNT;
  for (let i = at; i < at + COUNTER_COUNT; i++)
    if (column[i]! > other[i]!) return true;
  return false;
}
