/** What is wrong with a sample, in words. */
import type { Sample } from "./sample.ts";

/** Name of a kind of problem. */
export type ProblemId =
  "delay-accounting" | "exit-events" | "lost-exits" | "denied" | "vanished";

/** One thing that is wrong with a sample. */
export interface Problem {
  /** Identifies the problem across samples, so that it can be reported once. */
  readonly id: ProblemId;
  /** One line: what is missing, and what would provide it if something would. */
  readonly text: string;
}

/**
 * Why parts of a sample are unknown or missing, one line for each problem. Empty if all is well.
 *
 * @param isRecorded the sample comes from a recording, where it is too late to change anything
 */
export function problemsOf(
  { origin, health }: Pick<Sample, "origin" | "health">,
  isRecorded = false,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (
    id: ProblemId,
    live: string,
    recorded = `in the recording, ${live}`,
  ): void => void problems.push({ id, text: isRecorded ? recorded : live });
  if (origin.delayAccounting === null) {
    add(
      "delay-accounting",
      "SWAPIN and IO are unknown, because /proc does not show whether delay accounting is on",
    );
  } else if (!origin.delayAccounting) {
    add(
      "delay-accounting",
      "SWAPIN and IO are unknown, because delay accounting is off: turn it on with sysctl kernel.task_delayacct=1 (it counts for tasks started after that)",
      "the recording was made without delay accounting: SWAPIN and IO are unknown",
    );
  }
  if (!health.exitEvents) {
    const who = origin.accounting === "procfs" ? "/proc" : "the kernel";
    add(
      "exit-events",
      `${who} does not report tasks that exit: what they did after iotop last read them is missing`,
    );
  }
  if (health.lostExits > 0) {
    add(
      "lost-exits",
      `the kernel dropped messages about tasks that exited (${times(health.lostExits)}): what those tasks did last is missing`,
    );
  }
  if (health.denied !== 0) {
    const what = `${tasks(health.denied)} not be read, for lack of permission`;
    // Taskstats answers for every task, but only if its id is known. For a user of /proc, a notice says what would
    // help.
    const isHidden = origin.accounting === "taskstats";
    add(
      "denied",
      isHidden ? `${what}: /proc hides them (hidepid)` : what,
      `in the recording, ${what}`,
    );
  }
  if (health.exitEvents && health.vanished > 0) {
    add(
      "vanished",
      `${tasks(health.vanished)} not be read in time, and the kernel did not report their exit: some I/O is missing`,
    );
  }
  return problems;
}

function tasks(count: number | null): string {
  if (count === null) return "some tasks could";
  return count === 1 ? "1 task could" : `${count} tasks could`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
