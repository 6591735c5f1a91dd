/**
 * Joins the runs of one recording. A file that was appended to holds several runs, one after the other. Each began to
 * watch anew, so its sums began at 0. On replay they are one run, and its sums go on: for the host, for a task that
 * lived on from one run into the next, and for tasks that ended, including those that ended unseen between two runs.
 */
import { SUMMED } from "../../model/counters.ts";
import { createSample } from "../../model/create-sample.ts";
import { Row, addDeltas, unknownDelta } from "../../model/delta.ts";
import type { FileDelta } from "../../model/files/file-delta.ts";
import type {
  IoDelta,
  Lifetime,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "../../model/sample.ts";
import { isActive } from "../../model/view/activity.ts";
import { EndedThreadSums } from "./ended-thread-sums.ts";
import { SumsBefore } from "./sums-before.ts";

/** A task, or a process where processes were recorded, as of the newest sample that has a row for it. */
interface Life {
  readonly task: TaskInfo;
  /** Its key in an earlier run; null if no earlier run has it. */
  readonly key: string | null;
  readonly count: number;
  /** When it started by the clocks of this run, seconds since boot. Unlike the key, it is the same in the next run. */
  readonly startS: number;
  /** Its sums over earlier runs; null if no earlier run has it. */
  readonly carried: IoDelta | null;
  /** The same, plus its sums in this run. */
  readonly since: IoDelta;
  readonly lifetime: Lifetime | Unknown;
  /** Number of the newest sample that has it. */
  readonly at: number;
}

/** Two runs read the clocks at two times, so start times differ a little. No id is reused this soon. */
const SAME_START_S = 1;

export class RunJoiner {
  #last: Sample | null = null;
  #at = 0;
  /** When the machine booted, by the first sample of this run, Unix ms. */
  #bootMs = 0;
  /** The host's sums over earlier runs; null in the first one. */
  #carried: IoDelta | null = null;
  /** What had been done before the recording begins; null if that is nothing, and after the first run. */
  #before: SumsBefore | null = null;
  /**
   * By id: the lives of this run that have not ended. `#waiting` has those of earlier runs that have had no row in this
   * one.
   */
  readonly #alive = new Map<number, Life>();
  readonly #waiting = new Map<number, Life>();
  /** Lives that turned out to have ended. */
  #gone: Life[] = [];
  /** Key of a process in this run to its key in an earlier one. */
  readonly #processKeys = new Map<string, string>();
  readonly #endedThreads = new EndedThreadSums();
  #endedThreadsOfRun = new EndedThreadSums();

  /** The next sample of the recording, with sums since the recording began. */
  add(sample: Sample): Sample {
    const last = this.#last;
    this.#last = sample;
    this.#at++;
    if (last === null) {
      this.#bootMs = bootMsOf(sample);
      this.#before = SumsBefore.of(sample);
    } else if (beginsAnew(last, sample)) this.#begin(last, sample);
    const { host } = sample;
    const before = this.#before;
    const isWhole = sample.unlisted.tasks === 0;
    const threads = this.#carryOn(
      before?.rows(sample.threads) ?? sample.threads,
    );
    if (isWhole) this.#endUnseen();
    threads.push(...this.#takeGone(threads, sample.intervalNs));
    const endedThreads = this.#endedThreads.pass(threads, isWhole);
    const recorded = createSample({
      ...partsOf(sample),
      endedThreads: this.#endedThreadsOfRun.pass(sample.threads, isWhole),
    });
    if (this.#carried === null && before === null) return recorded;
    const own = before?.ofHost(host) ?? host.since;
    const since = this.#carried === null ? own : addDeltas(this.#carried, own);
    return createSample({
      ...partsOf(sample),
      host: { ...host, since },
      files: sample.files?.map(this.#ofEarlierRun) ?? null,
      threads,
      endedThreads,
      recorded,
    });
  }

  #begin(last: Sample, sample: Sample): void {
    const own = this.#before?.ofHost(last.host) ?? last.host.since;
    this.#carried = addDeltas(this.#carried ?? unknownDelta(), own);
    this.#before = null;
    for (const [id, life] of this.#alive) this.#waiting.set(id, life);
    this.#alive.clear();
    this.#processKeys.clear();
    this.#bootMs = bootMsOf(sample);
    this.#endedThreadsOfRun = new EndedThreadSums();
    if (!isOtherBoot(last, sample)) return;
    this.#gone.push(...this.#waiting.values());
    this.#waiting.clear();
  }

  #carryOn(rows: readonly TaskDelta[]): TaskDelta[] {
    const before = new Map<TaskDelta, Life>();
    // Ended rows come first, because another task may already have their id.
    for (const hasEnded of [true, false]) {
      for (const row of rows) {
        if ((row.exit !== null) !== hasEnded) continue;
        const life = this.#takeLife(row);
        if (life !== null) before.set(row, life);
      }
    }
    return rows.map((row) => this.#goOn(row, before.get(row) ?? null));
  }

  /** The life that a row continues: from this run, or from an earlier one. */
  #takeLife(row: TaskDelta): Life | null {
    const id = idOf(row);
    const life = this.#alive.get(id);
    if (life === undefined) return this.#takeWaiting(id, row);
    const { processKey } = row.task;
    // An execve changes the key, and so does another thread that names the process.
    const isSame = life.task.processKey === this.#processKeyOf(processKey);
    if (!isSame && row.exit !== null) return this.#takeWaiting(id, row);
    this.#alive.delete(id);
    if (isSame) return life;
    this.#drop(life);
    return null;
  }

  /**
   * The life of the task in earlier runs. If the last life with this id is a different one, that one has ended since.
   */
  #takeWaiting(id: number, { task, born }: TaskDelta): Life | null {
    const life = this.#waiting.get(id);
    if (life === undefined) return null;
    this.#waiting.delete(id);
    const isSame =
      !born &&
      (life.task.processKey === task.processKey ||
        Math.abs(life.startS - this.#startOf(task)) < SAME_START_S);
    if (!isSame) {
      this.#gone.push(life);
      return null;
    }
    this.#processKeys.set(task.processKey, life.task.processKey);
    return { ...life, carried: life.since, key: life.task.key };
  }

  #goOn(row: TaskDelta, before: Life | null): TaskDelta {
    const { count, exit, elapsedNs, born, blockedNs, lifetime } = row;
    const key = before?.key ?? null;
    const task = this.#renamed(row.task, key);
    const carried = before?.carried ?? null;
    const since = carried === null ? row.since : addDeltas(carried, row.since);
    if (exit === null)
      this.#alive.set(idOf(row), {
        ...{ task, key, count, carried, since, lifetime },
        startS: this.#startOf(task),
        at: this.#at,
      });
    if (carried === null && task === row.task) return row;
    return new Row({
      ...{ task, io: row, elapsedNs, since, lifetime, count },
      ...{ born, exit, blockedNs },
    });
  }

  /** A life keeps the first key that it had. */
  #renamed(task: TaskInfo, key: string | null): TaskInfo {
    const processKey = this.#processKeyOf(task.processKey);
    return processKey === task.processKey && (key ?? task.key) === task.key
      ? task
      : { ...task, key: key ?? task.key, processKey };
  }

  readonly #ofEarlierRun = (file: FileDelta): FileDelta =>
    file.processKey === null
      ? file
      : { ...file, processKey: this.#processKeyOf(file.processKey) };

  #processKeyOf(key: string): string {
    return this.#processKeys.get(key) ?? key;
  }

  #startOf({ startMs }: TaskInfo): number {
    return (startMs - this.#bootMs) / 1000;
  }

  /** To be called for a sample with a row for every living task: a life without a row has ended. */
  #endUnseen(): void {
    this.#gone.push(...this.#waiting.values());
    this.#waiting.clear();
    for (const [id, life] of this.#alive) {
      if (life.at === this.#at) continue;
      this.#alive.delete(id);
      this.#drop(life);
    }
  }

  /**
   * A last row for each of them. Processes that had done nothing are left out, since their rows would say nothing,
   * except those that have a row now: without its end, a merge would show the idle thread, and so its process, as alive.
   */
  #takeGone(
    now: readonly TaskDelta[],
    intervalNs: number,
  ): readonly TaskDelta[] {
    if (this.#gone.length === 0) return [];
    const rows = this.#gone.map((life) => lastRow(life, intervalNs));
    this.#gone = [];
    const shown = new Set(
      [...now, ...rows.filter((row) => isActive(row, true))].map(
        ({ task }) => task.processKey,
      ),
    );
    return rows.filter(
      ({ task: { processKey } }) =>
        shown.has(processKey) || this.#endedThreads.has(processKey),
    );
  }

  /**
   * The life has no more rows, and its end was not recorded: it may go on under another id. What it did in earlier runs
   * is known here alone, so that part becomes a row of its own.
   */
  #drop(life: Life): void {
    if (life.carried !== null)
      this.#gone.push({ ...life, since: life.carried });
  }
}

/** Each run numbers its samples from 1. If the first samples of one are missing, its sums are too small to go on. */
function beginsAnew(last: Sample, sample: Sample): boolean {
  if (isOtherBoot(last, sample) || sample.seq <= last.seq) return true;
  return SUMMED.some((counter) => {
    const told = last.host.since[counter];
    const since = sample.host.since[counter];
    if (told === null || since === null) return false;
    return since - (sample.host[counter] ?? 0) < told;
  });
}

function isOtherBoot({ origin: a }: Sample, { origin: b }: Sample): boolean {
  return a.bootId !== b.bootId || a.hostname !== b.hostname;
}

function bootMsOf({ timeMs, uptimeS }: Sample): number {
  return timeMs - uptimeS * 1000;
}

/** A row for several threads is a process, whichever thread names it. */
function idOf({ task, count }: TaskDelta): number {
  return count > 1 ? task.pid : task.tid;
}

/** The row of a life that ended unseen. */
function lastRow(
  { task, since, lifetime, count }: Life,
  elapsedNs: number,
): TaskDelta {
  const exit = { code: null, signal: null };
  const io = unknownDelta();
  return new Row({
    ...{ task, io, elapsedNs, since, lifetime, count, exit },
    born: false,
    blockedNs: null,
  });
}

/**
 * The parts that the joined sample does not have of its own. `processes` is left out, because reading it would fold the
 * threads.
 */
function partsOf(
  sample: Sample,
): Omit<Sample, "version" | "processes" | "endedThreads" | "recorded"> {
  const { seq, timeMs, uptimeS, intervalNs } = sample;
  const { origin, host, threads, unlisted, health, files, cgroups } = sample;
  return {
    ...{ seq, timeMs, uptimeS, intervalNs },
    ...{ origin, host, threads, unlisted, health, files, cgroups },
  };
}
