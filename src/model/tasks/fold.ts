/** Folds threads into processes. */
import {
  Row,
  addInto,
  addLifetimeInto,
  isIdle,
  longest,
  unknownDelta,
  type MutableLifetime,
} from "../delta.ts";
import { namingProcess } from "./process-name.ts";
import type { EndedThreads, Sample, TaskDelta, Unknown } from "../sample.ts";

/** What is known of a process besides its rows, if it goes on in a thread without a row. */
export const withUnseenThread = (
  before: EndedThreads | undefined,
): EndedThreads => ({
  since: before?.since ?? unknownDelta(),
  lifetime: before?.lifetime ?? null,
  count: before?.count ?? 0,
  hasUnseenThread: true,
});

/**
 * One row for each process: the sum of its threads, ended ones included. A process of one thread keeps that thread's
 * row. The main thread names the process. If it has no row, the oldest thread stands in, under its program's name while
 * it lives.
 *
 * @param threads rows of `sample.threads`; pass all those of a process, or its sums are incomplete
 * @param endedThreads those of the same sample
 */
export function foldThreads(
  threads: readonly TaskDelta[],
  endedThreads: Sample["endedThreads"],
): readonly TaskDelta[] {
  const byProcess = new Map<string, TaskDelta | ProcessSum>();
  for (const row of threads) {
    const { processKey } = row.task;
    const found = byProcess.get(processKey);
    if (found instanceof ProcessSum) found.add(row);
    else {
      const past = endedThreads.get(processKey);
      const isWhole = found === undefined && past === undefined && isMain(row);
      if (isWhole) byProcess.set(processKey, row);
      else {
        const sum = new ProcessSum(past);
        if (found !== undefined) sum.add(found);
        sum.add(row);
        byProcess.set(processKey, sum);
      }
    }
  }
  return Array.from(byProcess.values(), (found) =>
    found instanceof ProcessSum ? found.row() : found,
  );
}

/** A row under construction. It keeps no thread: those of ten thousand would leave a MiB of garbage in each sample. */
class ProcessSum {
  readonly #io = unknownDelta();
  readonly #since = unknownDelta();
  #lifetime: MutableLifetime | Unknown;
  #count: number;
  #elapsedNs = 0;
  #idleNs = 0;
  #blockedNs: number | Unknown = null;
  #ended: boolean;
  #born: boolean;
  #main: TaskDelta | undefined;
  #oldest: TaskDelta | undefined;

  constructor(past: EndedThreads | undefined) {
    this.#lifetime = past?.lifetime ? { ...past.lifetime } : null;
    this.#count = past?.count ?? 0;
    this.#ended = !(past?.hasUnseenThread ?? false);
    this.#born = this.#count === 0;
    if (past !== undefined) addInto(this.#since, past.since);
  }

  add(row: TaskDelta): void {
    const { task, elapsedNs } = row;
    addInto(this.#io, row);
    addInto(this.#since, row.since);
    this.#lifetime = addLifetimeInto(this.#lifetime, row.lifetime);
    this.#count += row.count;
    if (isIdle(row)) this.#idleNs = Math.max(this.#idleNs, elapsedNs);
    else this.#elapsedNs = Math.max(this.#elapsedNs, elapsedNs);
    this.#blockedNs = longest(this.#blockedNs, row.blockedNs);
    if (row.exit === null) this.#ended = false;
    if (!row.born) this.#born = false;
    const isFirst = this.#main === undefined || this.#main.exit !== null;
    if (isMain(row) && isFirst) this.#main = row;
    this.#oldest ??= row;
    if (task.startMs < this.#oldest.task.startMs) this.#oldest = row;
  }

  row(): TaskDelta {
    const main = this.#main ?? this.#oldest!;
    return new Row({
      // After a thread has ended, its pid and the command line under it may belong to another program.
      task: main.exit === null ? namingProcess(main.task) : main.task,
      io: this.#io,
      elapsedNs: this.#elapsedNs || this.#idleNs,
      since: this.#since,
      count: this.#count,
      born: this.#born,
      exit: this.#ended ? main.exit : null,
      blockedNs: this.#blockedNs,
      lifetime: this.#lifetime,
    });
  }
}

function isMain({ task }: TaskDelta): boolean {
  return task.tid === task.pid;
}
