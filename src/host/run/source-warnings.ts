/** The warnings about the source and its samples, from notices and problems: each once in a run. */
import { problemsOf, type ProblemId } from "../../model/health.ts";
import type { Sample } from "../../model/sample.ts";
import { isWatched } from "../../model/view/view.ts";
import type { Source } from "../../sources/source.ts";
import type { Messages } from "./messages.ts";

export class SourceWarnings {
  readonly #source: Source;
  readonly #messages: Messages;
  readonly #showsProblems: boolean;
  readonly #reported = new Set<ProblemId>();
  #notices = 0;

  /** @param showsProblems whether an output, the screen, shows the problems of every sample itself */
  constructor(source: Source, messages: Messages, showsProblems: boolean) {
    this.#source = source;
    this.#messages = messages;
    this.#showsProblems = showsProblems;
  }

  reportNotices(): void {
    for (const text of this.#takeNotices()) this.#messages.warn(text);
  }

  /** Warns of watched ids without a task in the first sample: a typing error, or a task that does not exist yet. */
  reportAbsent({ threads }: Sample, pids: readonly number[]): void {
    // A recording need not list tasks that did nothing.
    if (this.#source.name === "replay") return;
    const absent = pids.filter(
      (pid) =>
        !threads.some((row) => isWatched(row, { pids: [pid], uids: [] })),
    );
    if (absent.length === 0) return;
    const ids = [...new Set(absent)].join(", ");
    this.#messages.warn(`-p ${ids}: no such process or thread now`);
  }

  /** Reports what is wrong with the sample, unless it was reported before. */
  reportProblems(sample: Sample): void {
    if (this.#showsProblems) return;
    const isRecorded = this.#source.name === "replay";
    for (const { id, text } of problemsOf(sample, isRecorded)) {
      if (this.#reported.has(id)) continue;
      this.#reported.add(id);
      this.#messages.warn(text);
    }
  }

  /**
   * Reports notices that came up during the run. They are too late for a screen's message line, so they are printed as
   * well.
   */
  reportLateNotices(): void {
    for (const text of this.#takeNotices()) this.#messages.error(text);
  }

  #takeNotices(): readonly string[] {
    const fresh = this.#source.notices.slice(this.#notices);
    this.#notices += fresh.length;
    for (const { explains } of fresh)
      for (const id of explains) this.#reported.add(id);
    return fresh.map(({ text }) => text);
  }
}
