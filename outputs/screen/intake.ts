/** Takes the samples one by one, and remembers of earlier ones what the screen shows. */
import {
  EndedTally,
  GROUP_KINDS,
  GroupTally,
  KeptSamples,
  SumsFromHere,
  NO_GROUP,
  isActive,
  isIdle,
  isWatched,
  remainderOf,
  restlessRows,
  unitOf,
  type EndedRows,
  type GroupKind,
  type RunInfo,
  type Sample,
  type TaskDelta,
  type View,
} from "../../src/model/index.ts";
import { LatestCgroups } from "./cgroups.ts";
import type { Look } from "./compose.ts";
import { NO_HISTORY, appendHistory, type History } from "./graphs/history.ts";
import { PastMoments } from "./graphs/past-moments.ts";
import type { Place } from "./panes/frozen-line.ts";
import type { GroupedPast } from "./groups.ts";
import {
  NO_ENDS,
  keepEnds,
  newEnds,
  type KeptEnds,
} from "./table/kept-ends.ts";

type ByKind<T> = Readonly<Record<"threads" | "processes", T>>;

type Groups = ReadonlyMap<GroupKind, GroupTally>;

/** Those of the sample itself are among its rows. */
type EarlierEnded = Pick<EndedRows, "groups" | "earlier">;

/** What is kept with a sample, to look at it again. */
interface Beside {
  readonly ended: ByKind<EarlierEnded>;
  readonly kept: ByKind<KeptEnds>;
  readonly moved: History["moved"];
  readonly watchedNs: number;
  readonly sinceMs: number;
  readonly groups: Groups;
  /** Where its sums start; null: where watching began. */
  readonly here: SumsFromHere | null;
}

/** Estimates of what they take, bytes. */
const ENDED_ROW_BYTES = 640;
const ENTRY_BYTES = 8;

export class Intake {
  /** Whether it comes from a recording. */
  readonly #isRecorded: boolean;
  readonly #view: View;
  #tallies: ByKind<EndedTally>;
  readonly #samples = new KeptSamples<Beside>();
  readonly #moments = new PastMoments(this.#samples);
  #groups: Groups;
  #here: SumsFromHere | null = null;
  readonly #cgroups = new LatestCgroups();
  /** As it came. */
  #newest: Sample | null = null;
  #latest: Look | null = null;

  /** @param view what the command line watches */
  constructor(view: View, isRecorded: boolean) {
    this.#view = view;
    this.#isRecorded = isRecorded;
    this.#tallies = this.#newTallies();
    this.#groups = this.#newGroups();
  }

  /** The newest sample; null before the first. */
  get latest(): Look | null {
    return this.#latest;
  }

  /** How many samples can be looked at. */
  get kept(): number {
    return this.#samples.count;
  }

  take(sample: Sample): void {
    const before = this.#latest;
    this.#newest = sample;
    const counted = this.#cgroups.fill(this.#here?.apply(sample) ?? sample);
    // Both are kept, with rates too, because the next key may need them.
    const ended = this.#tally(counted);
    const ends = before?.kept ?? { threads: NO_ENDS, processes: NO_ENDS };
    const kept = {
      threads: keepEnds(ends.threads, ended.threads.latest, sample),
      processes: keepEnds(ends.processes, ended.processes.latest, sample),
    };
    const moved = restlessRows(counted.processes).filter((row) => !isIdle(row));
    for (const tally of this.#groups.values())
      tally.add({ processes: moved, unlisted: counted.unlisted });
    const history = appendHistory(before?.history ?? NO_HISTORY, counted);
    this.#latest = {
      ...{ sample: counted, ended, kept, history },
      groups: this.#groupsAt(sample.seq, this.#groups),
      hasUnits: (before?.hasUnits ?? false) || moved.some(isInUnit),
      sinceMs: before?.sinceMs ?? sample.timeMs - sample.intervalNs / 1e6,
      isRecorded: this.#isRecorded,
    };
    this.#keep(sample, this.#latest, before);
  }

  /** From now on sums start at the newest sample. */
  startSums(): void {
    const [sample, latest] = [this.#newest, this.#latest];
    if (sample === null || latest === null) return;
    this.#here = new SumsFromHere(sample);
    this.#tallies = this.#newTallies();
    this.#groups = this.#newGroups();
    const counted = this.#here.apply(sample);
    this.#latest = {
      ...latest,
      sample: counted,
      ended: this.#tally(counted),
      history: { ...latest.history, moved: counted.host.since, watchedNs: 0 },
      groups: this.#groupsAt(sample.seq, this.#groups),
      sinceMs: sample.timeMs,
    };
  }

  /** The sample that came so many before the newest one, as it was shown then; the oldest that is kept at most. */
  at(back: number): Look | null {
    if (back === 0 || this.#latest === null) return this.#latest;
    const { ended, kept, moved, watchedNs, sinceMs, groups, here } =
      this.#samples.beside(back);
    const sample = this.#samples.sample(back);
    const { history } = this.#latest;
    const past: History = {
      ...without(history, back),
      ...this.#moments.at(history.rows, back),
      ...{ moved, watchedNs },
    };
    const counted = here?.apply(sample) ?? sample;
    return {
      sample: counted,
      ended: {
        threads: this.#withLatest(ended.threads, counted, "threads"),
        processes: this.#withLatest(ended.processes, counted, "processes"),
      },
      ...{ kept, sinceMs, history: past },
      hasUnits: this.#latest.hasUnits,
      groups: this.#groupsAt(sample.seq, groups),
      isRecorded: this.#isRecorded,
    };
  }

  /** Where the sample that came so many before the newest one is among those kept. */
  place(back: number): Place {
    const [samples, kept] = [this.#samples, this.kept];
    const oldestMs = kept === 0 ? 0 : samples.beginMs(kept - 1);
    return { back, agoNs: samples.agoNs(back), kept, oldestMs };
  }

  #newTallies(): ByKind<EndedTally> {
    return {
      threads: new EndedTally({ ...this.#view, processes: false }),
      processes: new EndedTally({ ...this.#view, processes: true }),
    };
  }

  #newGroups(): Groups {
    const isCounted = (row: TaskDelta): boolean =>
      isWatched(row, { ...this.#view, filter: null });
    return new Map(
      GROUP_KINDS.map((kind) => [kind, new GroupTally(kind, isCounted)]),
    );
  }

  /** What groups had done by a sample: all, but for what they did in later ones. */
  #groupsAt(seq: number, groups: Groups): GroupedPast {
    const samples = this.#samples;
    return {
      sums(kind) {
        const tally = groups.get(kind)!;
        const later = new GroupTally(kind, () => true);
        for (let at = 0; at < samples.count && samples.seq(at) > seq; at++)
          if (samples.beside(at).groups === groups)
            later.add(samples.activeSample(at));
        return {
          names: tally.names,
          sinceOf(name) {
            const since = tally.sinceOf(name);
            const part = later.sinceOf(name);
            return since && part ? remainderOf(since, part) : since;
          },
        };
      },
    };
  }

  #withLatest(
    { groups, earlier }: EarlierEnded,
    sample: Sample,
    kind: keyof ByKind<unknown>,
  ): EndedRows {
    const isLatest = (row: TaskDelta): boolean =>
      row.exit !== null && isActive(row, true) && isWatched(row, this.#view);
    return {
      ...{ groups, earlier },
      get latest() {
        return sample[kind].filter(isLatest);
      },
    };
  }

  #tally(sample: Sample): ByKind<EndedRows> {
    const { threads, processes } = this.#tallies;
    return { threads: threads.add(sample), processes: processes.add(sample) };
  }

  #keep(
    sample: Sample,
    { ended, kept, history, sinceMs }: Look,
    before: Look | null,
  ): void {
    const { moved, watchedNs } = history;
    const [here, groups] = [this.#here, this.#groups];
    this.#samples.add(
      sample,
      {
        ended: {
          threads: earlierOf(ended.threads),
          processes: earlierOf(ended.processes),
        },
        ...{ kept, moved, watchedNs, sinceMs, groups, here },
      },
      bytesOf(ended.threads, before?.ended.threads) +
        bytesOf(ended.processes, before?.ended.processes) +
        endBytes(kept.threads, before?.kept.threads) +
        endBytes(kept.processes, before?.kept.processes),
    );
  }
}

/** Whatever is filtered by: it can be changed, and then shows more of them. Several tasks in one row have no id. */
export function intakeFor({ view, origin }: RunInfo): Intake {
  return new Intake(
    { ...view, uids: [], users: [], filter: null },
    origin === "replay",
  );
}

/** Looked at for tasks that do something alone: it takes a file of each. */
function isInUnit(row: TaskDelta): boolean {
  const { cgroup } = row.task;
  return cgroup !== null && unitOf(cgroup) !== NO_GROUP;
}

/** The series of a history as they were so many samples ago. */
function without(history: History, back: number): History {
  const { taken, read, write, diskRead, diskWrite } = history;
  return {
    ...history,
    taken: taken - back,
    read: read.slice(0, -back),
    write: write.slice(0, -back),
    diskRead: diskRead.slice(0, -back),
    diskWrite: diskWrite.slice(0, -back),
  };
}

function earlierOf({ groups, earlier }: EndedRows): EarlierEnded {
  return { groups, earlier };
}

/** Rows that have not changed are the same objects as in the sample before, and lists that have not, too. */
function bytesOf(rows: EndedRows, before: EndedRows | undefined): number {
  if (rows === before) return 0;
  const { groups, earlier, latest } = rows;
  // A loop of tasks changes one group.
  const changed = Math.min(latest.length, groups.length);
  const entries = groups.length + earlier.length;
  return entries * ENTRY_BYTES + changed * ENDED_ROW_BYTES;
}

function endBytes(kept: KeptEnds, before: KeptEnds | undefined): number {
  if (kept.ends === before?.ends) return 0;
  return kept.ends.length * ENTRY_BYTES + newEnds(kept) * ENDED_ROW_BYTES;
}
