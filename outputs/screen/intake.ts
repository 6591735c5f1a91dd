/** Takes the samples one by one, and remembers of earlier ones what the screen shows. */
import {
  DEFAULT_VIEW,
  GROUP_KINDS,
  GroupTally,
  KeptSamples,
  SumsFromHere,
  NO_GROUP,
  isIdle,
  remainderOf,
  restlessRows,
  selectsAll,
  selectsSame,
  unitOf,
  type GroupKind,
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
  EndedTasks,
  earlierOf,
  endedBytes,
  withLatest,
  type Chosen,
  type EarlierEnded,
  type Ended,
} from "./table/ended-tasks.ts";

type Groups = ReadonlyMap<GroupKind, GroupTally>;

/** What is kept with a sample, to look at it again. */
interface Beside {
  readonly ended: EarlierEnded;
  readonly chosen: Chosen<EarlierEnded> | null;
  readonly watchedNs: number;
  readonly sinceMs: number;
  readonly groups: Groups;
  /** Where its sums start; null: where watching began. */
  readonly here: SumsFromHere | null;
}

export class Intake {
  /** Whether it comes from a recording. */
  readonly #isRecorded: boolean;
  readonly #ended = new EndedTasks();
  /** Of those that the list selects, if it does not select all. */
  #chosen: EndedTasks | null = null;
  readonly #samples = new KeptSamples<Beside>();
  readonly #moments = new PastMoments(this.#samples);
  #groups: Groups;
  #here: SumsFromHere | null = null;
  readonly #cgroups = new LatestCgroups();
  /** As it came. */
  #newest: Sample | null = null;
  #latest: Look | null = null;

  constructor(isRecorded: boolean) {
    this.#isRecorded = isRecorded;
    this.#groups = newGroups();
  }

  /** The newest sample; null before the first. */
  get latest(): Look | null {
    return this.#latest;
  }

  /** How many samples can be looked at. */
  get kept(): number {
    return this.#samples.count;
  }

  /** @param view that of the list */
  take(sample: Sample, view: View): void {
    const before = this.#latest;
    this.#newest = sample;
    const counted = this.#cgroups.fill(this.#here?.apply(sample) ?? sample);
    this.#choose(view);
    const ended = this.#ended.take(counted);
    const chosen = this.#ofChosen((tasks) => tasks.take(counted));
    const moved = restlessRows(counted.processes).filter((row) => !isIdle(row));
    for (const tally of this.#groups.values())
      tally.add({ processes: moved, unlisted: counted.unlisted });
    const history = appendHistory(before?.history ?? NO_HISTORY, counted);
    this.#latest = {
      ...{ sample: counted, ended, chosen, history },
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
    this.#groups = newGroups();
    const counted = this.#here.apply(sample);
    this.#latest = {
      ...latest,
      sample: counted,
      ended: this.#ended.startSums(counted),
      chosen: this.#ofChosen((tasks) => tasks.startSums(counted)),
      history: { ...latest.history, watchedNs: 0 },
      groups: this.#groupsAt(sample.seq, this.#groups),
      sinceMs: sample.timeMs,
    };
  }

  /** The sample that came so many before the newest one, as it was shown then; the oldest that is kept at most. */
  at(back: number): Look | null {
    if (back === 0 || this.#latest === null) return this.#latest;
    const { ended, chosen, watchedNs, sinceMs, groups, here } =
      this.#samples.beside(back);
    const sample = this.#samples.sample(back);
    const { history } = this.#latest;
    const past: History = {
      ...without(history, back),
      ...this.#moments.at(history.rows, back),
      watchedNs,
    };
    const counted = here?.apply(sample) ?? sample;
    return {
      sample: counted,
      ended: withLatest(ended, counted, DEFAULT_VIEW),
      chosen: chosen && {
        view: chosen.view,
        ended: withLatest(chosen.ended, counted, chosen.view),
      },
      ...{ sinceMs, history: past },
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

  #choose(view: View): void {
    if (selectsAll(view)) this.#chosen = null;
    else if (this.#chosen === null || !selectsSame(this.#chosen.view, view))
      this.#chosen = this.#ended.narrowed(view);
  }

  #ofChosen(of: (tasks: EndedTasks) => Ended): Chosen<Ended> | null {
    const tasks = this.#chosen;
    return tasks && { view: tasks.view, ended: of(tasks) };
  }

  /** What groups had done by a sample: all, but for what they did in later ones. */
  #groupsAt(seq: number, groups: Groups): GroupedPast {
    const samples = this.#samples;
    return {
      sums(kind) {
        const tally = groups.get(kind)!;
        const later = new GroupTally(kind);
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

  #keep(
    sample: Sample,
    { ended, chosen, history, sinceMs }: Look,
    before: Look | null,
  ): void {
    const { watchedNs } = history;
    const [here, groups] = [this.#here, this.#groups];
    this.#samples.add(
      sample,
      {
        ended: earlierOf(ended),
        chosen: chosen && {
          view: chosen.view,
          ended: earlierOf(chosen.ended),
        },
        ...{ watchedNs, sinceMs, groups, here },
      },
      endedBytes(ended, before?.ended) +
        (chosen ? endedBytes(chosen.ended, before?.chosen?.ended) : 0),
    );
  }
}

const newGroups = (): Groups =>
  new Map(GROUP_KINDS.map((kind) => [kind, new GroupTally(kind)]));

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
