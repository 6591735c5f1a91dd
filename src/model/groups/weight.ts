/** The order of groups and rows, by their I/O. */
import { addCounters, grossBytes } from "../delta.ts";
import type { IoDelta } from "../sample.ts";

/** The weight of one group: bytes, and ns waited. */
export interface Weight {
  readonly name: string;
  readonly bytes: number;
  readonly waitedNs: number;
}

/** What somebody did: all bytes, read, written and cancelled. */
export function weigh(name: string, io: IoDelta): Weight {
  return {
    name,
    bytes: grossBytes(io) + (io.cancelledBytes ?? 0),
    waitedNs: addCounters(io.ioWaitNs, io.swapWaitNs) ?? 0,
  };
}

/** Order for `sort`: by bytes, then by waits, equals by name, so that a replay has the same order. */
export function heaviestFirst(a: Weight, b: Weight): number {
  return compareWeights(b, a) || (a.name < b.name ? -1 : 1);
}

export function compareWeights(
  a: Omit<Weight, "name">,
  b: Omit<Weight, "name">,
): number {
  return a.bytes - b.bytes || a.waitedNs - b.waitedNs;
}
