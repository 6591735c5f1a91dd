/** What is heard of a tid after a life under it has ended, and in which order it happened. */
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { startHighNs, type When } from "./when.ts";

/** A tid, of a process, to be asked. */
export interface Question {
  readonly tid: number;
  readonly pid: number;
}

/** An answer, or an exit message. */
export interface Sequel extends Question {
  readonly record: TaskstatsRecord;
  readonly when: When;
  readonly says: "ended" | "alive" | "exiting";
  /** Index of the process that a new life would have belonged to then; -1: a new one. */
  readonly home?: number;
}

/** Messages that were sent before an answer can be drained after it: ages tell. */
export function inOrder(chain: readonly Sequel[]): readonly Sequel[] {
  const ordered: Sequel[] = [];
  for (const sequel of chain) {
    const at =
      sequel.says === "ended"
        ? ordered.findIndex(
            (answer) =>
              answer.says !== "ended" &&
              answer.record.elapsedUs > sequel.record.elapsedUs &&
              !isEndOf(answer, sequel),
          )
        : -1;
    ordered.splice(at < 0 ? ordered.length : at, 0, sequel);
  }
  return ordered;
}

/**
 * Whether a message can only be of the very life that answered, though by then it was older: a task answers as if it
 * lived for a moment after it has filled its message in. Nobody goes on after the last task of a process, and who was
 * there before the message was sent had the tid; else it has not run since.
 */
function isEndOf(answer: Sequel, { record, when }: Sequel): boolean {
  const wasThere = startHighNs(answer.record, answer.when) <= when.beforeNs;
  const hasRun =
    answer.record.cpuCount !== record.cpuCount ||
    answer.record.cpuRunNs !== record.cpuRunNs;
  return (record.isLast === 1 && wasThere) || !hasRun;
}
