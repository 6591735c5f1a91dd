/** Keeps the I/O of ended tasks since watching began: later samples have no rows for them. */
import { grossBytes, unknownDelta } from "../delta.ts";
import {
  EndedRow,
  UNHEARD,
  byGroup,
  endedAtRest,
  endedKey,
  madeUpTask,
  sumEnded,
} from "./ended.ts";
import type { Sample, TaskDelta, TaskInfo } from "../sample.ts";
import { isActive, restlessRows } from "../view/activity.ts";
import {
  DEFAULT_VIEW,
  isWatched,
  watchedAmong,
  type View,
} from "../view/view.ts";

/**
 * The state at one sample. Each task that has ended, and that had done I/O or waited for it, is in one row of `groups`,
 * and in one of `earlier` or `latest`. Rows that have not changed are the same objects as in the sample before.
 */
export interface EndedRows {
  /**
   * One row for each user and name, or for a single task. Its figures for the interval are those of the tasks that
   * ended in it.
   */
  readonly groups: readonly TaskDelta[];
  /** The same, without the tasks that ended in this sample. */
  readonly earlier: readonly TaskDelta[];
  /** The tasks that ended in this sample, one by one. */
  readonly latest: readonly TaskDelta[];
}

/** If there are more groups than this, the smallest share one row. */
const MAX_GROUPS = 2000;
/** How many groups keep a row of their own then: fewer, so that this is not repeated with every sample. */
const KEPT_GROUPS = 1000;
/**
 * How many ended tasks are remembered, half of them at least. Such a task does not count twice when another row comes
 * for the I/O of its exit.
 */
const RECENT_TASKS = 8192;

/** The row of the small groups while there are none. No user has this id. */
const OTHERS: TaskDelta = new EndedRow({
  task: madeUpTask(endedKey({ uid: -1, comm: "others" }), "others"),
  io: unknownDelta(),
  elapsedNs: 0,
  since: unknownDelta(),
  count: 0,
  born: false,
  exit: UNHEARD,
  taskCount: 0,
  endedMs: 0,
});

type Watched = Pick<View, "processes" | "pids" | "uids"> &
  Partial<Pick<View, "filter" | "users" | "names">>;

/**
 * Keeps the I/O of ended tasks since watching began, from sample to sample. Its rows and the I/O of living tasks since
 * watching began make up the host's sums: an ended thread of a living process is included in the row of its process.
 */
export class EndedTally {
  readonly #view: View;
  /** Tasks that had ended before the newest sample. */
  readonly #groups = new Map<string, TaskDelta>();
  #rows: EndedRows = { groups: [], earlier: [], latest: [] };
  /** Processes of the newest sample that go on although all their threads in it have ended. */
  #between: readonly TaskDelta[] = [];
  /** Processes of earlier samples that go on, according to the source, but have had no row since. */
  #unheard: readonly TaskDelta[] = [];
  /** Groups with a task that ended in the newest sample. */
  #changed: ReadonlyMap<string, TaskDelta> = new Map();
  #timeMs = 0;
  #recent = new Set<string>();
  #lessRecent: ReadonlySet<string> = new Set();

  /** @param view whether by thread or by process, and which tasks to watch */
  constructor(view: Watched) {
    this.#view = { ...DEFAULT_VIEW, ...view };
  }

  /** All that have ended so far: one row for each user and name. */
  get ended(): readonly TaskDelta[] {
    return this.#rows.groups;
  }

  /**
   * Takes the samples in order, each once; merged samples too. Keeps nothing of tasks that did nothing since watching
   * began, which are the great majority.
   */
  add(sample: Sample): EndedRows {
    const rows = this.#view.processes
      ? mayHaveEnded(sample)
      : restlessRows(sample.threads);
    const hasUnseenThread = ({ task }: TaskDelta): boolean =>
      this.#view.processes &&
      (sample.endedThreads.get(task.processKey)?.hasUnseenThread ?? false);
    const done = watchedAmong(
      rows.filter(
        (row) =>
          (row.exit !== null || hasUnseenThread(row)) && isActive(row, true),
      ),
      sample,
      this.#view,
    );
    const pending =
      this.#rows.latest.length + this.#between.length + this.#unheard.length;
    if (done.length === 0 && pending === 0) return this.#rows;
    this.#settle(sample);
    this.#between = done.filter((row) => row.exit === null);
    this.#timeMs = sample.timeMs;
    return this.#list(done.filter((row) => row.exit !== null));
  }

  /**
   * One that goes on from here with fewer tasks: with those of whose row it is known by now that the view selects it.
   * Of later ones it takes those that the view selects.
   */
  narrowed(view: Watched): EndedTally {
    const isFound = (row: TaskDelta): boolean => isWatched(row, view);
    const { processes } = this.#view;
    const narrow = new EndedTally({ ...view, processes });
    for (const [key, row] of this.#groups)
      if (isFound(row)) narrow.#groups.set(key, row);
    narrow.#between = this.#between.filter(isFound);
    narrow.#unheard = this.#unheard.filter(isFound);
    narrow.#timeMs = this.#timeMs;
    narrow.#recent = new Set(this.#recent);
    narrow.#lessRecent = this.#lessRecent;
    narrow.#list(this.#rows.latest.filter(isFound));
    return narrow;
  }

  #list(latest: readonly TaskDelta[]): EndedRows {
    // No other row includes their I/O.
    this.#changed = this.#join([...latest, ...this.#unheard]);
    const earlier = [...this.#groups.values(), ...this.#unheard];
    const groups = this.#changed.size === 0 ? earlier : this.#allGroups();
    return (this.#rows = { groups, earlier, latest });
  }

  /**
   * Moves the tasks that ended in the sample before into their groups. For a process between two of its threads, the
   * next sample says whether it went on, even if it seemed to have ended. If it did, its own row will include this I/O
   * once it appears.
   */
  #settle(next: Sample): void {
    const { latest } = this.#rows;
    const wentOn: Sample["endedThreads"] = this.#view.processes
      ? next.endedThreads
      : new Map();
    const [going, ended] = partition(
      [...latest, ...this.#between, ...this.#unheard],
      ({ task }) => wentOn.has(task.processKey),
    );
    const isSame = ended.length === latest.length && going.length === 0;
    const changed = isSame ? null : this.#join(ended);
    this.#unheard = withoutRows(going, next).map((row) =>
      endedAtRest(row, this.#timeMs),
    );
    for (const [key, row] of changed ?? this.#changed)
      this.#groups.set(key, endedAtRest(row, this.#timeMs));
    for (const { task } of ended) this.#remember(task);
    if (this.#groups.size > MAX_GROUPS)
      foldSmallest(this.#groups, this.#timeMs);
  }

  #join(ended: readonly TaskDelta[]): ReadonlyMap<string, TaskDelta> {
    const isKnown = ({ key }: TaskInfo): boolean =>
      this.#recent.has(key) || this.#lessRecent.has(key);
    const joined = new Map<string, TaskDelta>();
    for (const [key, rows] of byGroup(ended)) {
      const before = this.#groups.get(key);
      const isOne = before === undefined && rows.length === 1;
      const timeMs = this.#timeMs;
      joined.set(
        key,
        isOne ? rows[0]! : sumEnded(rows, { timeMs, before, isKnown }),
      );
    }
    return joined;
  }

  #allGroups(): readonly TaskDelta[] {
    const all: TaskDelta[] = [];
    for (const [key, row] of this.#groups)
      all.push(this.#changed.get(key) ?? row);
    for (const [key, row] of this.#changed)
      if (!this.#groups.has(key)) all.push(row);
    return all;
  }

  #remember({ key }: TaskInfo): void {
    this.#recent.add(key);
    if (this.#recent.size < RECENT_TASKS / 2) return;
    this.#lessRecent = this.#recent;
    this.#recent = new Set();
  }
}

function partition<T>(
  all: readonly T[],
  isWanted: (each: T) => boolean,
): readonly [wanted: readonly T[], rest: readonly T[]] {
  const { wanted = [], rest = [] } = Object.groupBy(all, (each) =>
    isWanted(each) ? "wanted" : "rest",
  );
  return [wanted, rest];
}

/** Those of the given processes that have no thread in a sample. */
function withoutRows(
  processes: readonly TaskDelta[],
  { threads }: Sample,
): readonly TaskDelta[] {
  if (processes.length === 0) return processes;
  const shown = new Set(threads.map(({ task }) => task.processKey));
  return processes.filter(({ task }) => !shown.has(task.processKey));
}

/** Processes with an ended thread. */
function mayHaveEnded(sample: Sample): readonly TaskDelta[] {
  const { endedThreads } = sample;
  const keys = new Set<string>();
  for (const row of restlessRows(sample.threads)) {
    if (row.exit === null) continue;
    const { processKey } = row.task;
    if (isActive(row, true) || endedThreads.has(processKey))
      keys.add(processKey);
  }
  if (keys.size === 0) return [];
  return sample.processes.filter(({ task }) => keys.has(task.processKey));
}

/** Replaces the smallest groups by one row with their sum. */
function foldSmallest(groups: Map<string, TaskDelta>, timeMs: number): void {
  const before = groups.get(OTHERS.task.key) ?? OTHERS;
  groups.delete(before.task.key);
  const small = [...groups]
    .sort(([, a], [, b]) => grossBytes(b.since) - grossBytes(a.since))
    .slice(KEPT_GROUPS);
  for (const [key] of small) groups.delete(key);
  const rows = small.map(([, row]) => row);
  groups.set(before.task.key, sumEnded(rows, { timeMs, before }));
}
