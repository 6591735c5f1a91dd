/** Takes the samples one by one, and remembers of earlier ones what the screen shows. */
import { EndedTally, type Sample, type View } from "../../src/model/index.ts";
import type { Shown } from "./compose.ts";
import { NO_HISTORY, appendHistory } from "./graphs/history.ts";
import { NO_ENDS, keepEnds } from "./table/kept-ends.ts";

/** A sample with its past: all that is shown but the list, which depends on the user's choices. */
export type Intaken = Omit<Shown, "list">;

export class Intake {
  readonly #isRecorded: boolean;
  readonly #tallies: Readonly<Record<"threads" | "processes", EndedTally>>;
  #latest: Intaken | null = null;

  /** @param view what the command line watches */
  constructor(view: View, isRecorded: boolean) {
    this.#isRecorded = isRecorded;
    this.#tallies = {
      threads: new EndedTally({ ...view, processes: false }),
      processes: new EndedTally({ ...view, processes: true }),
    };
  }

  get latest(): Intaken | null {
    return this.#latest;
  }

  take(sample: Sample): void {
    const { history, kept, sinceMs } = this.#latest ?? {
      history: NO_HISTORY,
      kept: { threads: NO_ENDS, processes: NO_ENDS },
      sinceMs: sample.timeMs - sample.intervalNs / 1e6,
    };
    // All are kept, with rates too, because the next key may need them.
    const { threads, processes } = this.#tallies;
    const ended = {
      threads: threads.add(sample),
      processes: processes.add(sample),
    };
    this.#latest = {
      sample,
      ended,
      kept: {
        threads: keepEnds(kept.threads, ended.threads.latest, sample),
        processes: keepEnds(kept.processes, ended.processes.latest, sample),
      },
      history: appendHistory(history, sample),
      sinceMs,
      isRecorded: this.#isRecorded,
    };
  }
}
