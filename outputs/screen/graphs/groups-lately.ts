/**
 * What groups of tasks did lately. It is worked out only when somebody asks, because the list is seldom grouped, and from
 * then on with each sample.
 */
import type { Moment } from "./moment.ts";
import { step, type Standing, type Standings } from "./standing.ts";

/** The rest of a moment is not kept for it. */
type GroupMoment = Pick<Moment, "groups" | "intervalNs">;

const NOTHING: Standings = new Map();
/** Nobody asked for so long: what was before counts no more. */
const MOST_SAMPLES = 240;
const KEPT_SAMPLES = 120;

export class GroupsLately {
  readonly #moment: GroupMoment;
  readonly #seconds: number;
  /** The sample before; null if that does not count, or is in the standings already. */
  #before: GroupsLately | null;
  #standings: Standings | null = null;
  /** Samples whose standings are to be worked out, this one too. */
  #pending: number;

  constructor(
    before: GroupsLately | null,
    { groups, intervalNs }: GroupMoment,
    seconds: number,
  ) {
    this.#before = before;
    this.#moment = { groups, intervalNs };
    this.#seconds = seconds;
    this.#pending = 1;
    if (before !== null) this.#pending += before.#pending;
    if (this.#pending > MOST_SAMPLES) this.#forget();
  }

  get(key: string): Standing | undefined {
    return this.#get().get(key);
  }

  #get(): Standings {
    if (this.#standings === null) {
      const before = this.#before === null ? NOTHING : this.#before.#get();
      const moment = this.#moment;
      this.#standings = step(before, moment.groups.all, moment, this.#seconds);
      this.#before = null;
      this.#pending = 0;
    }
    return this.#standings;
  }

  #forget(): void {
    let oldest: GroupsLately = this;
    for (let kept = 1; kept < KEPT_SAMPLES; kept++) oldest = oldest.#before!;
    oldest.#before = null;
    this.#pending = KEPT_SAMPLES;
  }
}
