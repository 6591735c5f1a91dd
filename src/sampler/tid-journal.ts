/** What came about a tid after a life under it had ended, and cannot be given to a life before the scan is over. */
import { copyRecord } from "../kernel/taskstats.ts";
import type { Event } from "./event.ts";

export interface JournalEvent extends Event {
  readonly kind: "alive" | "dying" | "ended" | "gone";
  /** Index of the process that a new life would have belonged to then; -1: a new one. */
  readonly process: number;
}

export class TidJournal {
  readonly #events = new Map<number, JournalEvent[]>();

  has(tid: number): boolean {
    return this.#events.has(tid);
  }

  add(event: JournalEvent): void {
    // The record is overwritten by the next one.
    const kept = { ...event, record: copyRecord(event.record) };
    const before = this.#events.get(event.tid);
    if (before === undefined) this.#events.set(event.tid, [kept]);
    else before.push(kept);
  }

  /**
   * The task that answered under a tid is gone, and no message said so.
   *
   * @returns false if there is no journal of it
   */
  lose(tid: number): boolean {
    const latest = this.latestOf(tid);
    if (latest !== undefined) this.add({ ...latest, kind: "gone" });
    return latest !== undefined;
  }

  /** When the last exit message about a tid had been received, monotonic; 0 if none was. */
  lastEndNs(tid: number): number {
    const last = this.#events
      .get(tid)
      ?.findLast(({ kind }) => kind === "ended");
    return last?.window.afterNs ?? 0;
  }

  latestOf(tid: number): JournalEvent | undefined {
    return this.#events.get(tid)?.at(-1);
  }

  /** The last event of each tid. */
  latest(): readonly JournalEvent[] {
    return Array.from(this.#events.values(), (events) => events.at(-1)!);
  }

  /**
   * Of each tid what no later event of it shows too, in the order in which it came, which is that in which it happened:
   * see reconcile.ts. Main threads come last: what goes on under their tids is among the others.
   */
  *replay(): Generator<readonly JournalEvent[], void, void> {
    const rank = (events: readonly JournalEvent[]): number =>
      Number(events[0]!.tid === events[0]!.pid);
    const all = [...this.#events.values()];
    for (const events of all.sort((a, b) => rank(a) - rank(b))) {
      const last = events.findLastIndex(
        ({ kind }) => kind === "alive" || kind === "ended",
      );
      yield events.filter(({ kind }, at) => at >= last || kind === "ended");
    }
  }

  clear(): void {
    this.#events.clear();
  }
}
