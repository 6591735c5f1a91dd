/** The graphs of rows, and what the order goes by, as they were some samples ago. */
import type { KeptSamples } from "../../../src/model/index.ts";
import type { History } from "./history.ts";
import { NOTHING_RECENT, appendRecent } from "./recent.ts";
import {
  MAX_MOMENTS,
  momentOf,
  type Moment,
  type RowHistory,
} from "./moment.ts";

/** What was longer ago does not count in the order: it is halved every five seconds. */
const RECENT_MOMENTS = 60;
/** Moments that are made again for steps that follow each other. */
const MAX_MADE = 2 * MAX_MOMENTS;

type Samples = Pick<KeptSamples<unknown>, "count" | "seq" | "activeSample">;

export class PastMoments {
  readonly #samples: Samples;
  /** By the number of the sample. */
  readonly #made = new Map<number, Moment>();

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  /**
   * @param now the moments up to the newest sample
   * @param back at least 1
   */
  at(now: RowHistory, back: number): Pick<History, "rows" | "recent"> {
    const rows = this.#momentsAt(now, back);
    const recent = rows
      .slice(-RECENT_MOMENTS)
      .reduce(appendRecent, NOTHING_RECENT);
    return { rows, recent };
  }

  #momentsAt(now: RowHistory, back: number): RowHistory {
    const rows = now.slice(0, Math.max(0, now.length - back));
    const newest = rows.pop();
    if (newest !== undefined) rows.push(this.#whole(newest, back));
    const oldest = Math.min(this.#samples.count, back + MAX_MOMENTS);
    const older: Moment[] = [];
    for (let at = oldest - 1; at >= back + rows.length; at--)
      older.push(this.#moment(at));
    return older.concat(rows);
  }

  /** With what began and ended in it, which is forgotten when the next sample comes. */
  #whole(moment: Moment, back: number): Moment {
    return { ...moment, brief: this.#moment(back).brief };
  }

  #moment(back: number): Moment {
    const seq = this.#samples.seq(back);
    let moment = this.#made.get(seq);
    if (moment === undefined) {
      moment = momentOf(this.#samples.activeSample(back));
      if (this.#made.size >= MAX_MADE) this.#made.clear();
      this.#made.set(seq, moment);
    }
    return moment;
  }
}
