/** The problems of a sample as message lines: one each, for a window of any width. */
import {
  problemsOf,
  type ProblemId,
  type Sample,
} from "../../../src/model/index.ts";
import type { Style } from "../cells/theme.ts";

export interface MessageLine {
  readonly text: string;
  readonly style: Style;
  /** Whether it says what goes on, not what happened in one interval. */
  readonly isLasting: boolean;
}

/** The sample shown, and its origin. */
interface Subject {
  readonly sample: Sample;
  /** Whether it comes from a recording, where it is too late to change anything. */
  readonly isRecorded: boolean;
  /** Why columns of cgroups are unknown. */
  readonly cgroupProblem?: string | null;
}

/** For windows that are too narrow for the whole sentence: from the longest to the shortest. */
const SHORT: Readonly<
  Record<ProblemId, (subject: Subject) => readonly [string, ...string[]]>
> = {
  "delay-accounting": ({ sample, isRecorded }) => {
    if (sample.origin.delayAccounting === null)
      return ["SWAPIN, IO unknown: task_delayacct not visible", "IO unknown"];
    return isRecorded
      ? ["SWAPIN, IO unknown: recorded without delay accounting", "IO unknown"]
      : [
          "SWAPIN, IO unknown: sysctl kernel.task_delayacct=1 counts tasks started later",
          "IO ?: kernel.task_delayacct is 0",
        ];
  },
  "exit-events": () => ["last I/O of ended tasks is missing"],
  "lost-exits": ({ sample }) => [
    `exit messages dropped: ${sample.health.lostExits}`,
  ],
  denied: ({ sample }) => [
    `tasks hidden from this user: ${sample.health.denied ?? "?"}`,
  ],
  vanished: ({ sample }) => [
    `tasks that exited unread: ${sample.health.vanished}`,
  ],
};

/** Warnings come first, because a low window has room for only one line. */
export function problemLines(
  subject: Subject,
  columns: number,
): readonly MessageLine[] {
  const lines = problemsOf(subject.sample, subject.isRecorded).map(
    ({ id, text }) => {
      const texts = [text, ...SHORT[id](subject)];
      return {
        text: texts.find(({ length }) => length <= columns) ?? texts.at(-1)!,
        // This problem is a matter of configuration; the others are failures.
        style: id === "delay-accounting" ? "plain" : "warning",
        isLasting: id !== "lost-exits" && id !== "vanished",
      } as const;
    },
  );
  const isWarning = ({ style }: MessageLine): boolean => style === "warning";
  return [
    ...lines.filter(isWarning),
    ...lines.filter((line) => !isWarning(line)),
    ...cgroupLine(subject),
  ];
}

function cgroupLine({ cgroupProblem = null }: Subject): readonly MessageLine[] {
  if (cgroupProblem === null) return [];
  const text = `FROM DISK, TO DISK: ${cgroupProblem}`;
  return [{ text, style: "plain", isLasting: true }];
}
