/** One line each for what is wrong with the figures. */
import { problemsOf, type ProblemId } from "../../src/model/health.ts";
import type { Health, Sample } from "../../src/model/sample.ts";

/** For windows in which the whole sentence has no room. */
const SHORT: Readonly<Record<ProblemId, (health: Health) => string>> = {
  "delay-accounting": () =>
    "SWAPIN, IO unknown: sysctl kernel.task_delayacct=1 counts tasks started later",
  "exit-events": () => "what tasks did just before they ended is missing",
  "lost-exits": ({ lostExits }) => `exit messages dropped: ${lostExits}`,
  denied: ({ denied }) => `tasks hidden from this user: ${denied}`,
  vanished: ({ vanished }) => `tasks that ended unread: ${vanished}`,
};

export function notesOf(sample: Sample, columns: number): readonly string[] {
  return problemsOf(sample).map(({ id, text }) =>
    text.length <= columns ? text : SHORT[id](sample.health),
  );
}
