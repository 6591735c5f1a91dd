/**
 * Decides which groups have a name of their own in metrics, up to the allowed number. Names are assigned before a
 * sample is divided, so that a program that lives within one sample has its name in it. That suits counters, which
 * report what each interval added. A reader of running totals takes the first value of a series as its starting point,
 * and reads seldom: for such a reader `reserve` names groups before they do something, and a group that is inactive
 * keeps its name for a while.
 */
import { addCounters, grossBytes, unknownDelta } from "./delta.ts";
import { OTHER_GROUP } from "./groups.ts";
import type { IoDelta } from "./sample.ts";
import { compareWeights, heaviestFirst, type Weight } from "./weight.ts";

/** The weight of a group's I/O halves in this time. */
const HALF_LIFE_NS = 60e9;

/**
 * Gives a limited number of groups a name of their own, the heaviest first: so the number of series stays bounded,
 * whatever names programs give themselves.
 */
export class GroupNames {
  readonly #maxGroups: number;
  readonly #restNs: number;
  /** By name: the I/O in this sample plus, with decreasing weight, that of earlier ones. */
  readonly #weights = new Map<string, Weight>();
  /** By name: how long the group has been inactive, ns. */
  readonly #idleNs = new Map<string, number>();
  #hasRefused = false;
  #hasTold = false;

  /**
   * @param maxGroups most names at a time
   * @param restNs how long a group must have been inactive before another can replace it
   */
  constructor(maxGroups: number, restNs = 0) {
    this.#maxGroups = maxGroups;
    this.#restNs = restNs;
  }

  /** Whether an active group has got no name because all names were taken. */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  /**
   * One line for the user when a group has been refused for the first time, null at all other times. Where no name was
   * wanted there is nothing to say.
   */
  takeNotice(): string | null {
    if (this.#hasTold || this.#maxGroups === 0 || !this.#hasRefused)
      return null;
    this.#hasTold = true;
    return `all ${this.#maxGroups} names (max-groups) are taken: other groups count as ${OTHER_GROUP} until they outweigh one that is idle`;
  }

  /** The groups that have a name now. */
  get names(): readonly string[] {
    return [...this.#weights.keys()];
  }

  /** Whether a group has a name now. */
  has(name: string): boolean {
    return this.#weights.has(name);
  }

  /** Assigns free names to groups that have done nothing so far, in the order of names. Any active group can replace them. */
  reserve(groups: Iterable<string>): void {
    for (const name of [...new Set(groups)].sort()) {
      if (this.#weights.size >= this.#maxGroups) return;
      if (name === OTHER_GROUP || this.has(name)) continue;
      this.#weights.set(name, { name, bytes: 0, waitedNs: 0 });
      this.#idleNs.set(name, Infinity);
    }
  }

  /**
   * Assigns names to the groups of a sample, the biggest first. A group keeps its name while it is active. When no name
   * is free, a new group replaces the lightest inactive group, if it is heavier.
   *
   * @param groups the I/O of each group, by name
   * @param intervalNs length of the sample: the weight of earlier I/O halves every minute
   * @returns whether the set of names has changed
   */
  admit(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): boolean {
    const still = this.#age(groups, intervalNs);
    const newcomers = [...groups]
      .map(([name, io]) => weigh(name, io))
      .filter((weight) => isBusy(weight) && !this.has(weight.name))
      .sort(heaviestFirst);
    let given = 0;
    for (const weight of newcomers) {
      if (this.#weights.size >= this.#maxGroups) {
        const lightest = still.pop();
        if (lightest === undefined || compareWeights(weight, lightest) <= 0) {
          this.#hasRefused = true;
          break;
        }
        this.#weights.delete(lightest.name);
        this.#idleNs.delete(lightest.name);
      }
      this.#weights.set(weight.name, weight);
      this.#idleNs.set(weight.name, 0);
      given++;
    }
    return given > 0;
  }

  /** Adds the new I/O to the groups that have a name. @returns the groups that can be replaced, the lightest last */
  #age(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): Weight[] {
    const kept = 0.5 ** (intervalNs / HALF_LIFE_NS);
    const still: Weight[] = [];
    for (const [name, { bytes, waitedNs }] of this.#weights) {
      const now = weigh(name, groups.get(name) ?? IDLE);
      const weight = {
        name,
        bytes: Math.floor(bytes * kept) + now.bytes,
        waitedNs: Math.floor(waitedNs * kept) + now.waitedNs,
      };
      this.#weights.set(name, weight);
      const idleNs = isBusy(now) ? 0 : this.#idleNs.get(name)! + intervalNs;
      this.#idleNs.set(name, idleNs);
      if (idleNs > 0 && idleNs >= this.#restNs) still.push(weight);
    }
    return still.sort(heaviestFirst);
  }
}

const IDLE: IoDelta = unknownDelta();

/** Adds up all bytes: read, written and cancelled. */
function weigh(name: string, io: IoDelta): Weight {
  return {
    name,
    bytes: grossBytes(io) + (io.cancelledBytes ?? 0),
    waitedNs: addCounters(io.ioWaitNs, io.swapWaitNs) ?? 0,
  };
}

function isBusy({ bytes, waitedNs }: Weight): boolean {
  return bytes > 0 || waitedNs > 0;
}
