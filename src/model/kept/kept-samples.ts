/** The last samples, for looking back: the rows of tasks that did something, in a bounded amount of memory. */
import { createSample } from "../create-sample.ts";
import { Row, isIdle, remainderOf, zeroDelta } from "../delta.ts";
import { packRows, unpackRows, type PackedRows } from "./packed-rows.ts";
import type { Sample, TaskDelta, TaskInfo, Unknown } from "../sample.ts";
import { isBlocked, restlessRows } from "../view/activity.ts";

/** How many samples are kept, and in how much memory. */
export interface KeptLimits {
  readonly samples: number;
  /** What they may take together, by an estimate that errs on the large side. */
  readonly bytes: number;
}

const LIMITS: KeptLimits = { samples: 300, bytes: 8 * 1024 ** 2 };
/** Of one sample, more rows are not kept: those that moved least go. */
const MAX_ROWS = 2000;

/** What objects take, bytes. */
const SAMPLE_BYTES = 1200;
const DEVICE_BYTES = 240;
const TASK_BYTES = 16;
/** An ended thread, and the arguments of its process, are there for its rows alone. */
const ENDED_THREAD_BYTES = 600;
const ENDED_THREADS_BYTES = 320;

interface KeptRows {
  readonly living: PackedRows;
  /** Of tasks that ended in the sample, and had begun before. */
  readonly ended: PackedRows;
  /** Of those that began and ended in it: no other sample has anything of them. */
  readonly brief: PackedRows;
}

interface Kept<T> {
  readonly about: Omit<Sample, "threads" | "processes">;
  readonly rows: KeptRows;
  readonly beside: T;
  readonly bytes: number;
}

/** Keeps the last samples: at most 300, and fewer if they need more than 8 MiB. */
export class KeptSamples<T> {
  readonly #limits: KeptLimits;
  #all: Kept<T>[] = [];
  #bytes = 0;
  #latest: Sample | null = null;

  constructor(limits: KeptLimits = LIMITS) {
    this.#limits = limits;
  }

  /** How many there are. */
  get count(): number {
    return this.#all.length;
  }

  /** What they take together. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds the newest one; the oldest may go.
   *
   * @param beside is kept with it
   * @param besideBytes what that takes
   */
  add(sample: Sample, beside: T, besideBytes = 0): void {
    const before = this.#all.at(-1)?.about ?? null;
    this.#latest = sample;
    const rows = packByEnd(rowsToKeep(sample.threads));
    const bytes = bytesOf(sample, before, rows) + besideBytes;
    this.#all.push({ about: aboutOf(sample), rows, beside, bytes });
    this.#bytes += bytes;
    while (
      this.#all.length > this.#limits.samples ||
      (this.#bytes > this.#limits.bytes && this.#all.length > 1)
    )
      this.#bytes -= this.#all.shift()!.bytes;
  }

  /** What was kept with the sample that came so many before the newest one. */
  beside(back: number): T {
    return this.#at(back).beside;
  }

  /** When that sample was taken, Unix ms. */
  timeMs(back: number): number {
    return this.#at(back).about.timeMs;
  }

  /** When it began, Unix ms. */
  beginMs(back: number): number {
    const { timeMs, intervalNs } = this.#at(back).about;
    return timeMs - intervalNs / 1e6;
  }

  /** Its number. */
  seq(back: number): number {
    return this.#at(back).about.seq;
  }

  /** How long before the newest one it ended, ns. */
  agoNs(back: number): number {
    return this.#all
      .slice(this.#all.length - back)
      .reduce((sum, { about }) => sum + about.intervalNs, 0);
  }

  /** That sample with the rows of tasks that did something in it, and no others. */
  activeSample(back: number): Sample {
    return createSample({
      ...this.#at(back).about,
      threads: this.#activeRows(back),
    });
  }

  /**
   * That sample, with rows of tasks that did nothing in it: those of later samples are put back to what they were. A
   * task that did nothing and has ended since is missing.
   */
  sample(back: number): Sample {
    if (back === 0) return this.#latest!;
    const { about } = this.#at(back);
    const threads = this.#activeRows(back);
    const seen = new Set(threads.map(({ task }) => task.key));
    for (let later = back - 1; later >= 0; later--)
      for (const row of this.#rowsOfOthers(later, seen)) {
        seen.add(row.task.key);
        if (!row.born) threads.push(before(row));
      }
    for (const row of this.#latest!.threads)
      if (isThere(row, about.timeMs) && !seen.has(row.task.key))
        threads.push(isIdle(row) ? row : before(row));
    return createSample({ ...about, threads });
  }

  #activeRows(back: number): TaskDelta[] {
    const { living, ended, brief } = this.#at(back).rows;
    return [living, ended, brief].flatMap(unpackRows);
  }

  /** Most samples have rows of the same tasks: those are not unpacked. */
  #rowsOfOthers(back: number, than: ReadonlySet<string>): readonly TaskDelta[] {
    const { living, ended } = this.#at(back).rows;
    const isOther = ({ key }: TaskInfo): boolean => !than.has(key);
    const isKnown = !living.tasks.objects.some(isOther);
    return (isKnown ? [ended] : [living, ended])
      .flatMap(unpackRows)
      .filter(({ task }) => isOther(task));
  }

  #at(back: number): Kept<T> {
    return this.#all.at(-1 - back)!;
  }
}

function aboutOf(sample: Sample): Kept<unknown>["about"] {
  const { version, seq, timeMs, uptimeS, intervalNs, origin } = sample;
  const { host, endedThreads, unlisted, health, cgroups } = sample;
  return {
    ...{ version, seq, timeMs, uptimeS, intervalNs, origin },
    ...{ host, endedThreads, unlisted, health, cgroups, recorded: null },
    // They may be more than all else together.
    files: null,
  };
}

function rowsToKeep(rows: readonly TaskDelta[]): readonly TaskDelta[] {
  const active = restlessRows(rows).filter(
    (row) => !isIdle(row) || isBlocked(row),
  );
  if (active.length <= MAX_ROWS) return active;
  return active.sort((a, b) => weight(b) - weight(a)).slice(0, MAX_ROWS);
}

function packByEnd(rows: readonly TaskDelta[]): KeptRows {
  return {
    living: packRows(rows.filter(({ exit }) => exit === null)),
    ended: packRows(rows.filter(({ exit, born }) => exit !== null && !born)),
    brief: packRows(rows.filter(({ exit, born }) => exit !== null && born)),
  };
}

function weight(row: TaskDelta): number {
  return (
    (row.readBytes ?? 0) + (row.writeBytes ?? 0) + (isBlocked(row) ? 1e15 : 0)
  );
}

/** The row of a task in the sample before the one in which it did something. */
function before(row: TaskDelta): TaskDelta {
  const { task, elapsedNs, since, lifetime, count } = row;
  return new Row({
    task,
    io: zeroDelta((counter) => row[counter] !== null),
    elapsedNs,
    since: remainderOf(since, row),
    lifetime: lifetime && {
      readBytes: less(lifetime.readBytes, row.readBytes),
      writeBytes: less(lifetime.writeBytes, row.writeBytes),
      cancelledBytes: less(lifetime.cancelledBytes, row.cancelledBytes),
    },
    count,
    born: false,
    exit: null,
    blockedNs: null,
  });
}

function less(all: number | Unknown, part: number | Unknown): number | Unknown {
  return all === null ? null : Math.max(0, all - (part ?? 0));
}

/** Whether the task of a row was there at a time, Unix ms. */
function isThere({ task, born, exit }: TaskDelta, timeMs: number): boolean {
  return exit === null && !born && task.startMs <= timeMs;
}

function bytesOf(
  { host, endedThreads, cgroups }: Sample,
  before: Kept<unknown>["about"] | null,
  { living, ended, brief }: KeptRows,
): number {
  const newlyEnded =
    endedThreads === before?.endedThreads ? 0 : endedThreads.size;
  return (
    SAMPLE_BYTES +
    packedBytes(living, TASK_BYTES) +
    packedBytes(ended, ENDED_THREAD_BYTES) +
    packedBytes(brief, ENDED_THREAD_BYTES) +
    newlyEnded * ENDED_THREADS_BYTES +
    ((host.devices?.length ?? 0) + (cgroups?.length ?? 0)) * DEVICE_BYTES
  );
}

/** @param objectBytes of a task that is no bytes */
function packedBytes(
  { tasks, numbers }: PackedRows,
  objectBytes: number,
): number {
  const { objects, bytes } = tasks;
  return numbers.byteLength + bytes.byteLength + objects.length * objectBytes;
}
