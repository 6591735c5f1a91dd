/** One line each for what is wrong with the figures. */
import { problemsOf, type ProblemId } from "../../src/model/health.ts";
import type { Health, Sample } from "../../src/model/sample.ts";
import type { Style } from "./theme.ts";

export interface Note {
  readonly text: string;
  readonly style: Style;
}

/** For windows in which the whole sentence has no room: from the longest to the shortest. */
const SHORT: Readonly<
  Record<ProblemId, (health: Health) => readonly [string, ...string[]]>
> = {
  "delay-accounting": () => [
    "SWAPIN, IO unknown: sysctl kernel.task_delayacct=1 counts tasks started later",
    "IO ?: kernel.task_delayacct is 0",
  ],
  "exit-events": () => ["last I/O of ended tasks is missing"],
  "lost-exits": ({ lostExits }) => [`exit messages dropped: ${lostExits}`],
  denied: ({ denied }) => [`tasks hidden from this user: ${denied}`],
  vanished: ({ vanished }) => [`tasks that ended unread: ${vanished}`],
};

export function notesOf(sample: Sample, columns: number): readonly Note[] {
  return problemsOf(sample).map(({ id, text }) => {
    const texts = [text, ...SHORT[id](sample.health)];
    return {
      text: texts.find(({ length }) => length <= columns) ?? texts.at(-1)!,
      // How the machine is set up, as against what went wrong.
      style: id === "delay-accounting" ? "plain" : "warning",
    };
  });
}
