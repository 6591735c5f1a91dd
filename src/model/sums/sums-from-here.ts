/** The sums of later samples, less what had been done by one of them. */
import { createSample } from "../create-sample.ts";
import { addDeltas, isIdle, remainderOf } from "../delta.ts";
import type { EndedThreads, IoDelta, Sample, TaskDelta } from "../sample.ts";
import { once, remade, type Make } from "./sums.ts";

/** Makes sums start from 0 at one sample, of tasks, of processes and of the host. */
export class SumsFromHere {
  readonly #host: IoDelta;
  /** What each task that lived on had done by then, and each process, its ended threads included. */
  readonly #tasks = new Map<string, IoDelta>();
  readonly #processes = new Map<string, IoDelta>();
  /** Rows of tasks that ended in that sample: later rows under their keys are about what came after. */
  readonly #ended = new Set<TaskDelta>();
  readonly #remake: Make = once((row) => this.#without(row));

  /** @param sample as it came, with sums since watching began */
  constructor({ host, threads, endedThreads }: Sample) {
    this.#host = host.since;
    for (const [key, { since }] of endedThreads) this.#add(key, since);
    for (const row of threads) {
      if (isIdle(row.since)) continue;
      if (row.exit === null) this.#tasks.set(row.task.key, row.since);
      else this.#ended.add(row);
      this.#add(row.task.processKey, row.since);
    }
  }

  /** @param sample the same, or a later one, as it came */
  apply(sample: Sample): Sample {
    const { seq, timeMs, uptimeS, intervalNs, origin, health } = sample;
    const { host, threads, unlisted, files, cgroups } = sample;
    return createSample({
      ...{ seq, timeMs, uptimeS, intervalNs, origin, health, unlisted },
      ...{ files, cgroups },
      host: { ...host, since: remainderOf(host.since, this.#host) },
      threads: threads.map(this.#remake),
      endedThreads: this.#withoutEnded(sample),
    });
  }

  #add(processKey: string, since: IoDelta): void {
    const before = this.#processes.get(processKey);
    this.#processes.set(
      processKey,
      before === undefined ? since : addDeltas(before, since),
    );
  }

  #without(row: TaskDelta): TaskDelta {
    const before = this.#ended.has(row)
      ? row.since
      : this.#tasks.get(row.task.key);
    return before === undefined
      ? row
      : remade(row, { since: remainderOf(row.since, before) });
  }

  /** What the ended threads of a process had done by then: all of it, but for what its threads with rows had. */
  #withoutEnded({ threads, endedThreads }: Sample): Sample["endedThreads"] {
    const before = new Map<string, IoDelta>();
    for (const key of endedThreads.keys()) {
      const all = this.#processes.get(key);
      if (all !== undefined) before.set(key, all);
    }
    if (before.size === 0) return endedThreads;
    for (const row of threads) {
      const { key, processKey } = row.task;
      const all = before.get(processKey);
      const own = this.#ended.has(row) ? row.since : this.#tasks.get(key);
      if (all !== undefined && own !== undefined)
        before.set(processKey, remainderOf(all, own));
    }
    return new Map(
      [...endedThreads].map(([key, past]): [string, EndedThreads] => {
        const done = before.get(key);
        return [
          key,
          done === undefined
            ? past
            : { ...past, since: remainderOf(past.since, done) },
        ];
      }),
    );
  }
}
