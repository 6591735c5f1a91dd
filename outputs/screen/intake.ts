/** Takes the samples one by one, and remembers of earlier ones what the screen shows. */
import {
  DEFAULT_VIEW,
  KeptSamples,
  SumsFromHere,
  NO_GROUP,
  isIdle,
  restlessRows,
  selectsAll,
  selectsSame,
  unitOf,
  watchedAmong,
  watchedRows,
  type GroupPart,
  type Sample,
  type TaskDelta,
  type TaskInfo,
  type View,
} from "../../src/model/index.ts";
import { LatestCgroups } from "./cgroups.ts";
import type { Look } from "./compose.ts";
import { NO_HISTORY, appendHistory, type History } from "./graphs/history.ts";
import { PastMoments } from "./graphs/past-moments.ts";
import type { Place } from "./panes/frozen-line.ts";
import { GroupSums, namingTasks, type NamingTasks } from "./group-sums.ts";
import type { GroupedPast } from "./groups.ts";
import {
  EndedTasks,
  earlierOf,
  endedBytes,
  withLatest,
  type EarlierEnded,
} from "./table/ended-tasks.ts";

/** Of the tasks that the list selects, if it does not select all. */
interface Choice {
  readonly tasks: EndedTasks;
  readonly groups: GroupSums;
}

interface ChosenBeside {
  readonly view: View;
  readonly ended: EarlierEnded;
  readonly groups: GroupSums;
  /** Keys of the processes that did something in the sample. */
  readonly moved: ReadonlySet<string>;
}

/** What is kept with a sample, to look at it again. */
interface Beside {
  readonly ended: EarlierEnded;
  readonly chosen: ChosenBeside | null;
  readonly watchedNs: number;
  readonly sinceMs: number;
  readonly groups: GroupSums;
  readonly naming: NamingTasks;
  /** Where its sums start; null: where watching began. */
  readonly here: SumsFromHere | null;
}

/** An estimate of what an entry of a set or map takes: the key itself is that of a row. */
const KEY_BYTES = 32;

export class Intake {
  /** Whether it comes from a recording. */
  readonly #isRecorded: boolean;
  readonly #ended = new EndedTasks();
  #choice: Choice | null = null;
  #chosenMoved: ReadonlySet<string> = new Set();
  readonly #samples = new KeptSamples<Beside>();
  readonly #moments = new PastMoments(this.#samples);
  #groups = new GroupSums();
  #here: SumsFromHere | null = null;
  readonly #cgroups = new LatestCgroups();
  /** As it came. */
  #newest: Sample | null = null;
  #latest: Look | null = null;

  constructor(isRecorded: boolean) {
    this.#isRecorded = isRecorded;
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
    const moved = restlessRows(counted.processes).filter((row) => !isIdle(row));
    this.#groups.add({ processes: moved, unlisted: counted.unlisted });
    const chosen = this.#takeChosen(counted, moved);
    const history = appendHistory(before?.history ?? NO_HISTORY, counted);
    this.#latest = {
      ...{ sample: counted, ended, chosen, history },
      groups: this.#groupsAt(sample.seq, this.#groups),
      hasUnits: (before?.hasUnits ?? false) || moved.some(isInUnit),
      sinceMs: before?.sinceMs ?? sample.timeMs - sample.intervalNs / 1e6,
      isRecorded: this.#isRecorded,
    };
    this.#keep(sample, this.#latest, before, namingTasks(moved));
  }

  /** From now on sums start at the newest sample. */
  startSums(): void {
    const [sample, latest] = [this.#newest, this.#latest];
    if (sample === null || latest === null) return;
    this.#here = new SumsFromHere(sample);
    this.#groups = new GroupSums();
    const counted = this.#here.apply(sample);
    this.#latest = {
      ...latest,
      sample: counted,
      ended: this.#ended.startSums(counted),
      chosen: this.#startChosen(counted),
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
        groups: this.#chosenGroupsAt(sample.seq, chosen.groups),
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
    if (selectsAll(view)) this.#choice = null;
    else if (!selectsSame(this.#choice?.tasks.view ?? DEFAULT_VIEW, view)) {
      const tasks = this.#ended.narrowed(view);
      const groups = GroupSums.of(this.#rowsOf(view, tasks));
      this.#choice = { tasks, groups };
    }
  }

  /** The processes that a view selects of the newest sample, and those that ended before. */
  #rowsOf(view: View, tasks: EndedTasks): readonly TaskDelta[] {
    if (this.#latest === null) return [];
    const processes = watchedRows(this.#latest.sample, {
      ...view,
      processes: true,
    });
    return processes
      .filter(({ exit }) => exit === null)
      .concat(tasks.processesEnded);
  }

  #takeChosen(sample: Sample, moved: readonly TaskDelta[]): Look["chosen"] {
    if (this.#choice === null) return null;
    const { tasks, groups } = this.#choice;
    const view = { ...tasks.view, processes: true };
    const processes = watchedAmong(moved, sample, view);
    groups.add({ processes });
    this.#chosenMoved = new Set(processes.map(({ task }) => task.processKey));
    return {
      view: tasks.view,
      ended: tasks.take(sample),
      groups: this.#chosenGroupsAt(sample.seq, groups),
    };
  }

  #startChosen(sample: Sample): Look["chosen"] {
    if (this.#choice === null) return null;
    const { tasks } = this.#choice;
    const groups = new GroupSums();
    this.#choice = { tasks, groups };
    return {
      view: tasks.view,
      ended: tasks.startSums(sample),
      groups: this.#chosenGroupsAt(sample.seq, groups),
    };
  }

  #groupsAt(seq: number, groups: GroupSums): GroupedPast {
    return this.#pastOf(seq, groups, (beside, at) =>
      beside.groups === groups ? this.#partAt(at) : null,
    );
  }

  #chosenGroupsAt(seq: number, groups: GroupSums): GroupedPast {
    return this.#pastOf(seq, groups, ({ chosen }, at) => {
      if (chosen?.groups !== groups) return null;
      const { processes, taskOf } = this.#partAt(at);
      const isChosen = ({ task }: TaskDelta): boolean =>
        chosen.moved.has(task.processKey);
      return { processes: processes.filter(isChosen), taskOf };
    });
  }

  /** What was counted of a kept sample, by the names that it was counted by. */
  #partAt(at: number): Required<GroupPart> {
    const { processes, unlisted } = this.#samples.activeSample(at);
    const { naming } = this.#samples.beside(at);
    const taskOf = ({ task }: TaskDelta): TaskInfo =>
      naming.get(task.processKey) ?? task;
    return { processes, unlisted, taskOf };
  }

  /** @param partOf what counted of a later sample; null if nothing did */
  #pastOf(
    seq: number,
    groups: GroupSums,
    partOf: (beside: Beside, at: number) => GroupPart | null,
  ): GroupedPast {
    const samples = this.#samples;
    const later = function* (): Iterable<GroupPart> {
      for (let at = 0; at < samples.count && samples.seq(at) > seq; at++) {
        const part = partOf(samples.beside(at), at);
        if (part !== null) yield part;
      }
    };
    return { sums: (kind) => groups.before(kind, later()) };
  }

  #keep(
    sample: Sample,
    { ended, chosen, history, sinceMs }: Look,
    before: Look | null,
    naming: NamingTasks,
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
          groups: this.#choice!.groups,
          moved: this.#chosenMoved,
        },
        ...{ watchedNs, sinceMs, groups, naming, here },
      },
      endedBytes(ended, before?.ended) +
        (chosen ? endedBytes(chosen.ended, before?.chosen?.ended) : 0) +
        (chosen ? this.#chosenMoved.size * KEY_BYTES : 0) +
        naming.size * KEY_BYTES,
    );
  }
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
