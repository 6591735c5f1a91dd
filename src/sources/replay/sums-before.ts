/**
 * Sums start from 0 where a replay begins. A recording may go on from an earlier file, or be looked at from some moment
 * on: then its sums include what was done before, which nobody has seen.
 */
import { COUNTERS } from "../../model/counters.ts";
import { remainderOf } from "../../model/delta.ts";
import type { IoDelta, Sample, TaskDelta } from "../../model/sample.ts";
import { remade } from "../../model/sums/sums.ts";

/** What had been done before the first sample of a run. */
export class SumsBefore {
  readonly #host: IoDelta;
  /** Of each task, by its key, as of its first row. Whoever did something has a row: so all of it was before. */
  readonly #tasks = new Map<string, IoDelta>();

  private constructor(host: IoDelta) {
    this.#host = host;
  }

  /** Null if nothing had. */
  static of({ host }: Sample): SumsBefore | null {
    const before = remainderOf(host.since, host);
    return isNothing(before) ? null : new SumsBefore(before);
  }

  ofHost({ since }: Sample["host"]): IoDelta {
    return remainderOf(since, this.#host);
  }

  /** Rows with sums from the first sample on. */
  rows(rows: readonly TaskDelta[]): readonly TaskDelta[] {
    return rows.map((row) => {
      const { key } = row.task;
      const before = this.#tasks.get(key) ?? remainderOf(row.since, row);
      if (row.exit !== null) this.#tasks.delete(key);
      else this.#tasks.set(key, before);
      return isNothing(before)
        ? row
        : remade(row, { since: remainderOf(row.since, before) });
    });
  }
}

function isNothing(io: IoDelta): boolean {
  return COUNTERS.every((counter) => !io[counter]);
}
