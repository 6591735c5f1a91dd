/** From columns to the numbers that outputs see: NaN inside, null outside. */
import { COUNTER, WAITS } from "../model/counters.ts";
import type { IoDelta, Lifetime, Unknown } from "../model/sample.ts";
import { compile, eachCounter } from "../model/unroll.ts";
import { COUNTER_COUNT } from "./counters.ts";
import type { TaskTable } from "./table.ts";

const outside = (n: number): number | null => (Number.isNaN(n) ? null : n);

/** What is new since the last sample. */
export function newOf(
  { now, ledger }: TaskTable,
  slot: number,
  waitsKnown: boolean,
): IoDelta {
  const page = ledger.open(slot, now);
  const at = slot * COUNTER_COUNT;
  return difference(now, at, ledger.told, page, waitsKnown);
}

/** All that was told, since watching began. */
export function sinceOf(
  { now, ledger }: TaskTable,
  slot: number,
  waitsKnown: boolean,
): IoDelta {
  const at = ledger.open(slot, now);
  return difference(ledger.told, at, ledger.base, at, waitsKnown);
}

/** All that a task has done, as last read. Of one that has not done anything it is always the same object. */
export function lifetimeOf(
  { now }: TaskTable,
  slot: number,
): Lifetime | Unknown {
  const at = slot * COUNTER_COUNT;
  const readBytes = outside(now[at + COUNTER.readBytes]!);
  const writeBytes = outside(now[at + COUNTER.writeBytes]!);
  const cancelledBytes = outside(now[at + COUNTER.cancelledBytes]!);
  if (readBytes === null && writeBytes === null) return null;
  if (readBytes === 0 && writeBytes === 0 && cancelledBytes === 0)
    return NOTHING_EVER;
  return { readBytes, writeBytes, cancelledBytes };
}

const NOTHING_EVER: Lifetime = Object.freeze({
  readBytes: 0,
  writeBytes: 0,
  cancelledBytes: 0,
});

/** The waits are unknown where the kernel did not count them. */
const difference = compile<
  (
    to: Float64Array,
    toAt: number,
    from: Float64Array,
    fromAt: number,
    waitsKnown: boolean,
  ) => IoDelta
>(
  `(to, toAt, from, fromAt, waitsKnown) => ({
    ${eachCounter((counter, i) => {
      const known = `outside(to[toAt + ${i}] - from[fromAt + ${i}])`;
      const isWait = WAITS.includes(counter);
      return `${counter}: ${isWait ? `waitsKnown ? ${known} : null` : known},`;
    })}
  })`,
  { outside },
);

/** Whether anything is to be told. */
export function hasNew({ now, ledger }: TaskTable, slot: number): boolean {
  const page = ledger.find(slot);
  const at = slot * COUNTER_COUNT;
  for (let i = 0; page >= 0 && i < COUNTER_COUNT; i++)
    if (now[at + i]! > ledger.told[page + i]!) return true;
  return false;
}

/** Whether anything was told since watching began. */
export function hasTold({ ledger }: TaskTable, slot: number): boolean {
  const page = ledger.find(slot);
  for (let i = page; page >= 0 && i < page + COUNTER_COUNT; i++)
    if (ledger.told[i]! > ledger.base[i]!) return true;
  return false;
}

/** All that was read counts as told. */
export function tell({ now, ledger }: TaskTable, slot: number): void {
  const page = ledger.find(slot);
  const at = slot * COUNTER_COUNT;
  for (let i = 0; page >= 0 && i < COUNTER_COUNT; i++)
    ledger.told[page + i] = now[at + i]!;
}
