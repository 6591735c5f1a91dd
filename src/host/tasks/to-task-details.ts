/** What was read of one task, in the words of the model. Pure. */
import type { OneTaskReading, ThreadReading } from "../../kernel/one-task.ts";
import type { ProcIo } from "../../kernel/procfs-parse.ts";
import { COUNTERS, PROC_IO_FIELDS } from "../../model/counters.ts";
import { sumDeltas, unknownDelta } from "../../model/delta.ts";
import type { IoDelta } from "../../model/sample.ts";
import type { TaskDetails } from "../../model/tasks/task-details.ts";

/** @param tid of the thread, if it is not about the whole process */
export function toTaskDetails(
  reading: OneTaskReading,
  tid: number | null,
): TaskDetails {
  const { uptimeS, stat, cmdline, exe, cwd, cgroup, parent } = reading;
  const { threads, openFiles } = reading;
  const own =
    tid === null ? threads : threads.filter((thread) => thread.tid === tid);
  const isComplete = tid !== null || reading.hasAllThreads;
  return {
    ...{ uptimeS, state: stat.state, cmdline, exe, cwd, cgroup, parent },
    threads: threads.map(({ tid, stat, ioPriority }) => ({
      ...{ tid, comm: stat.comm, state: stat.state, ioPriority },
    })),
    threadCount: Number.isNaN(stat.threadCount) ? null : stat.threadCount,
    lifetime: isComplete ? sumOf(own) : null,
    withEnded: reading.io && toIoDelta(reading.io),
    files: openFiles && openFiles.files,
    fileCount: openFiles && openFiles.count,
  };
}

/** Unknown if one of them is. */
function sumOf(threads: readonly ThreadReading[]): IoDelta | null {
  const all = threads.flatMap(({ io }) => (io === null ? [] : [toIoDelta(io)]));
  const isKnown = all.length > 0 && all.length === threads.length;
  return isKnown ? sumDeltas(all) : null;
}

function toIoDelta(io: ProcIo): IoDelta {
  const delta = unknownDelta();
  COUNTERS.forEach((counter, i) => {
    const field = PROC_IO_FIELDS[i]!;
    if (field !== null && !Number.isNaN(io[field])) delta[counter] = io[field];
  });
  return delta;
}
