/** Tasks that have ended: with sums all that had done I/O stay in the list, with rates those that ended lately. */
import {
  DEFAULT_VIEW,
  EndedTally,
  isActive,
  isWatched,
  watchedRows,
  type EndedRows,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import { NO_ENDS, keepEnds, newEnds, type KeptEnds } from "./kept-ends.ts";

type ByKind<T> = Readonly<Record<"threads" | "processes", T>>;

/** As of one sample. Both are kept, with rates too, because the next key may need them. */
export interface Ended {
  readonly sums: ByKind<EndedRows>;
  readonly lately: ByKind<KeptEnds>;
}

/** The same without those of the sample itself, which are among its rows. */
export interface EarlierEnded {
  readonly sums: ByKind<Pick<EndedRows, "groups" | "earlier">>;
  readonly lately: ByKind<KeptEnds>;
}

export class EndedTasks {
  /** Which tasks they are of. */
  readonly view: View;
  #tallies: ByKind<EndedTally>;
  #lately: ByKind<KeptEnds> = { threads: NO_ENDS, processes: NO_ENDS };

  constructor(view = DEFAULT_VIEW) {
    this.view = view;
    this.#tallies = talliesOf(view);
  }

  /** Takes the samples in order, each once. */
  take(sample: Sample): Ended {
    const sums = this.#add(sample);
    const { threads, processes } = this.#lately;
    this.#lately = {
      threads: keepEnds(threads, sums.threads.latest, sample),
      processes: keepEnds(processes, sums.processes.latest, sample),
    };
    return { sums, lately: this.#lately };
  }

  /** @param sample the newest one, in which sums are 0 */
  startSums(sample: Sample): Ended {
    this.#tallies = talliesOf(this.view);
    return { sums: this.#add(sample), lately: this.#lately };
  }

  /**
   * Those that another view selects, from the next sample on as it selects living tasks. Of those that have ended, it
   * can only be known what their rows say.
   */
  narrowed(view: View): EndedTasks {
    const isFound = (row: TaskDelta): boolean => isWatched(row, view);
    const { threads, processes } = this.#tallies;
    const narrow = new EndedTasks(view);
    narrow.#tallies = {
      threads: threads.narrowed(view),
      processes: processes.narrowed(view),
    };
    const some = ({ nowNs, ends }: KeptEnds): KeptEnds => ({
      nowNs,
      ends: ends.filter(({ row }) => isFound(row)),
    });
    narrow.#lately = {
      threads: some(this.#lately.threads),
      processes: some(this.#lately.processes),
    };
    return narrow;
  }

  /** Processes that have ended so far. */
  get processesEnded(): readonly TaskDelta[] {
    return this.#tallies.processes.ended;
  }

  #add(sample: Sample): ByKind<EndedRows> {
    const { threads, processes } = this.#tallies;
    return { threads: threads.add(sample), processes: processes.add(sample) };
  }
}

function talliesOf(view: View): ByKind<EndedTally> {
  return {
    threads: new EndedTally({ ...view, processes: false }),
    processes: new EndedTally({ ...view, processes: true }),
  };
}

/** What of it is kept with a sample, to look at it again. */
export function earlierOf({ sums, lately }: Ended): EarlierEnded {
  const { threads, processes } = sums;
  return {
    sums: {
      threads: withoutLatest(threads),
      processes: withoutLatest(processes),
    },
    lately,
  };
}

const withoutLatest = ({ groups, earlier }: EndedRows) => ({ groups, earlier });

/** The whole again. @param view which tasks they are of */
export function withLatest(
  { sums, lately }: EarlierEnded,
  sample: Sample,
  view: View,
): Ended {
  const whole = (kind: keyof ByKind<unknown>): EndedRows => ({
    ...sums[kind],
    get latest() {
      const processes = kind === "processes";
      return watchedRows(sample, { ...view, processes }).filter(
        (row) => row.exit !== null && isActive(row, true),
      );
    },
  });
  return {
    sums: { threads: whole("threads"), processes: whole("processes") },
    lately,
  };
}

/** Estimates of what they take, bytes. */
const ENDED_ROW_BYTES = 640;
const ENTRY_BYTES = 8;

/** What is kept of it beyond what is kept of the sample before, bytes: what has not changed is the same object. */
export function endedBytes(
  { sums, lately }: Ended,
  before: Ended | undefined,
): number {
  return (
    sumsBytes(sums.threads, before?.sums.threads) +
    sumsBytes(sums.processes, before?.sums.processes) +
    latelyBytes(lately.threads, before?.lately.threads) +
    latelyBytes(lately.processes, before?.lately.processes)
  );
}

function sumsBytes(rows: EndedRows, before: EndedRows | undefined): number {
  if (rows === before) return 0;
  const { groups, earlier, latest } = rows;
  // A loop of tasks changes one group.
  const changed = Math.min(latest.length, groups.length);
  const entries = groups.length + earlier.length;
  return entries * ENTRY_BYTES + changed * ENDED_ROW_BYTES;
}

function latelyBytes(kept: KeptEnds, before: KeptEnds | undefined): number {
  if (kept.ends === before?.ends) return 0;
  return kept.ends.length * ENTRY_BYTES + newEnds(kept) * ENDED_ROW_BYTES;
}
