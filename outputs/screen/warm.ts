/** Reading ahead what is read on first use, so that no key waits for ten thousand files. */
import type { TaskDelta } from "../../src/model/sample.ts";

/** Between two slices, keys are answered. */
const SLICE_MS = 8;

/** Reads command lines for as long as a slice lasts. Returns the index to go on from. */
export function readCommands(rows: readonly TaskDelta[], from: number): number {
  const until = performance.now() + SLICE_MS;
  let at = from;
  while (at < rows.length && performance.now() < until)
    void rows[at++]!.task.cmdline;
  return at;
}
