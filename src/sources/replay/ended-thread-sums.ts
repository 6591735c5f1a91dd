/** The I/O of ended threads of living processes: in a recording, no later row includes it. */
import {
  addInto,
  addLifetimes,
  unknownDelta,
  type MutableIoDelta,
} from "../../model/delta.ts";
import type {
  EndedThreads,
  Lifetime,
  Sample,
  TaskDelta,
  Unknown,
} from "../../model/sample.ts";

interface Entry extends EndedThreads {
  readonly since: MutableIoDelta;
  lifetime: Lifetime | Unknown;
  count: number;
}

export class EndedThreadSums {
  readonly #byProcess = new Map<string, Entry>();

  /**
   * To be called with the rows of each sample in turn.
   *
   * @param isWhole whether every living task is a row. Otherwise it is unknown which processes go on, and the result is
   * empty.
   * @returns the sums of threads that had ended before this sample
   */
  pass(rows: readonly TaskDelta[], isWhole: boolean): Sample["endedThreads"] {
    if (!isWhole) this.#byProcess.clear();
    if (!isWhole || (this.#byProcess.size === 0 && !rows.some(hasEnded)))
      return new Map();
    const before: Sample["endedThreads"] = new Map(
      [...this.#byProcess].map(([key, entry]) => [
        key,
        { ...entry, since: { ...entry.since } },
      ]),
    );
    this.#add(rows);
    return before;
  }

  has(processKey: string): boolean {
    return this.#byProcess.has(processKey);
  }

  /** Adds ended threads of processes that live on, and of no others. */
  #add(rows: readonly TaskDelta[]): void {
    const living = new Set<string>();
    for (const row of rows)
      if (row.exit === null) living.add(row.task.processKey);
    for (const key of this.#byProcess.keys())
      if (!living.has(key)) this.#byProcess.delete(key);
    for (const row of rows)
      if (row.exit !== null && living.has(row.task.processKey))
        addTo(this.#entryOf(row.task.processKey), row);
  }

  #entryOf(key: string): Entry {
    let entry = this.#byProcess.get(key);
    if (entry === undefined) {
      entry = {
        since: unknownDelta(),
        lifetime: null,
        count: 0,
        hasUnseenThread: false,
      };
      this.#byProcess.set(key, entry);
    }
    return entry;
  }
}

function addTo(entry: Entry, { since, lifetime, count }: TaskDelta): void {
  addInto(entry.since, since);
  entry.lifetime = addLifetimes(entry.lifetime, lifetime);
  entry.count += count;
}

function hasEnded(row: TaskDelta): boolean {
  return row.exit !== null;
}
