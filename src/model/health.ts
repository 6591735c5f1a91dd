/** What is wrong with a sample, in words. */
import type { Sample } from "./sample.ts";

export type ProblemId =
  "delay-accounting" | "exit-events" | "lost-exits" | "denied" | "vanished";

export interface Problem {
  /** The same for the same problem in every sample, so that it can be told once. */
  readonly id: ProblemId;
  /** One line: what is missing, and what would bring it where something would. */
  readonly text: string;
}

/** Why parts of the sample are unknown or missing. Empty on a good day. */
export function problemsOf({
  origin,
  health,
}: Pick<Sample, "origin" | "health">): readonly Problem[] {
  const problems: Problem[] = [];
  if (!origin.delayAccounting) {
    problems.push({
      id: "delay-accounting",
      text: "SWAPIN and IO are unknown, as delay accounting is off: turn it on with sysctl kernel.task_delayacct=1 (it counts for tasks that start afterwards)",
    });
  }
  if (!health.exitEvents) {
    problems.push({
      id: "exit-events",
      text: "the kernel does not report tasks that end: what they did after they were last read is missing",
    });
  }
  if (health.lostExits > 0) {
    problems.push({
      id: "lost-exits",
      text: `the kernel dropped messages about ended tasks (${times(health.lostExits)}): what those tasks did last is missing`,
    });
  }
  if (health.denied > 0) {
    problems.push({
      id: "denied",
      text: `${tasks(health.denied)} not be read, for lack of permission: run as root to see all`,
    });
  }
  if (health.exitEvents && health.vanished > 0) {
    problems.push({
      id: "vanished",
      text: `${tasks(health.vanished)} not be read before the end, and no message about the end came: some I/O is missing`,
    });
  }
  return problems;
}

function tasks(count: number): string {
  return count === 1 ? "1 task could" : `${count} tasks could`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
