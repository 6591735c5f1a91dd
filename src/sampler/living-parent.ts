/** Who started a task that has ended. */
import { ENDED } from "./life-state.ts";
import type { Lives } from "./lives.ts";
import type { Task } from "./task.ts";

const INIT = 1;

/**
 * The process that started this one, or that this one is a thread of; null if it is not known to live since before. Who
 * had its id while this one lived, and has it now, is the same: ids are soon used again.
 *
 * @param slot of a life that has ended
 * @param born whether no scan before this one has seen it
 */
export function livingParent(
  { table, previousScanBeganNs }: Lives,
  slot: number,
  born: boolean,
): Task | null {
  const { tid, pid, ppid } = table.task[slot]!;
  const id = tid === pid ? ppid : pid;
  const parent = table.find(id);
  const beganNs = born ? previousScanBeganNs : table.startLowNs[slot]!;
  const isSame =
    parent >= 0 &&
    parent !== slot &&
    id > INIT &&
    !table.has(parent, ENDED) &&
    table.startHighNs[parent]! <= beganNs;
  return isSame ? table.task[parent]! : null;
}
