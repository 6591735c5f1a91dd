/**
 * Decides which groups have a name of their own in metrics, up to the allowed number. Names are assigned before a
 * sample is divided, so that a program that lives within one sample has its name in it. That suits counters, which
 * report what each interval added. A reader of running totals takes the first value of a series as its starting point,
 * and reads seldom: for such a reader `reserve` names groups before they do something, and a group that was active once
 * keeps its name as long as any other.
 */
import { unknownDelta } from "../delta.ts";
import { countTasks } from "./group-counts.ts";
import type { GroupKind } from "./group-name.ts";
import { OTHER_GROUP } from "./groups.ts";
import type { IoDelta, Sample } from "../sample.ts";
import { compareWeights, heaviestFirst, weigh, type Weight } from "./weight.ts";

/** The weight of a group's I/O halves in this time. */
const HALF_LIFE_NS = 600e9;
/** How long a group must have been inactive before another can replace it. */
const REST_NS = 600e9;

interface Named extends Weight {
  /** How long the group has been inactive. */
  readonly idleNs: number;
  /** How long it must have been so before it can be replaced. */
  readonly restNs: number;
}

/**
 * Gives a limited number of groups a name of their own, the heaviest first: so the number of series stays bounded,
 * whatever names programs give themselves.
 */
export class GroupNames {
  readonly #maxGroups: number;
  readonly #firstRestNs: number;
  /** By name: the I/O in this sample plus, with decreasing weight, that of earlier ones. */
  readonly #named = new Map<string, Named>();
  #hasRefused = false;
  #hasTold = false;

  /**
   * @param maxGroups most names at a time
   * @param firstRestNs the rest of a group that has been active only in the sample that gave it its name: programs that
   * ran once must not keep all names from one that matters
   */
  constructor(maxGroups: number, firstRestNs = 0) {
    this.#maxGroups = maxGroups;
    this.#firstRestNs = firstRestNs;
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
    return `all ${this.#maxGroups} names (max-groups) are taken: other groups count as ${OTHER_GROUP} until they outweigh an idle group`;
  }

  /** The groups that have a name now. */
  get names(): readonly string[] {
    return [...this.#named.keys()];
  }

  /** Whether a group has a name now. */
  has(name: string): boolean {
    return this.#named.has(name);
  }

  /**
   * Assigns free names to all groups of a sample that have a living task, in the order of names. Any active group can
   * replace them. To programs none are assigned: there are too many that never do anything.
   *
   * @returns the groups that have got a name
   */
  reserve(sample: Sample, kind: GroupKind): readonly string[] {
    if (kind === "comm") return [];
    const groups = [...countTasks(sample, kind)]
      .flatMap(([name, { living }]) => (living > 0 ? [name] : []))
      .filter(
        (name) => name !== null && name !== OTHER_GROUP && !this.has(name),
      )
      .sort()
      .slice(0, this.#maxGroups - this.#named.size) as string[];
    for (const name of groups) {
      const nothing = { name, bytes: 0, waitedNs: 0 };
      this.#named.set(name, { ...nothing, idleNs: Infinity, restNs: 0 });
    }
    return groups;
  }

  /**
   * Assigns names to the groups of a sample, the biggest first. A group keeps its name while it is active, and for a
   * while after that. When no name is free, a new group replaces the lightest of those that have rested, if it is
   * heavier.
   *
   * @param groups the I/O of each group, by name
   * @param intervalNs length of the sample: the weight of earlier I/O halves every ten minutes
   * @returns whether the set of names has changed
   */
  admit(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): boolean {
    const rested = this.#age(groups, intervalNs);
    const newcomers = [...groups]
      .map(([name, io]) => weigh(name, io))
      .filter((weight) => isBusy(weight) && !this.has(weight.name))
      .sort(heaviestFirst);
    let given = 0;
    for (const weight of newcomers) {
      if (this.#named.size >= this.#maxGroups) {
        const lightest = rested.pop();
        if (lightest === undefined || compareWeights(weight, lightest) <= 0) {
          this.#hasRefused = true;
          break;
        }
        this.#named.delete(lightest.name);
      }
      const restNs = this.#firstRestNs;
      this.#named.set(weight.name, { ...weight, idleNs: 0, restNs });
      given++;
    }
    return given > 0;
  }

  /** Adds the new I/O to the groups that have a name. @returns the groups that can be replaced, the lightest last */
  #age(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): Weight[] {
    const kept = 0.5 ** (intervalNs / HALF_LIFE_NS);
    const rested: Weight[] = [];
    for (const [name, { bytes, waitedNs, idleNs, restNs }] of this.#named) {
      const now = weigh(name, groups.get(name) ?? IDLE);
      const isActive = isBusy(now);
      const aged = {
        name,
        bytes: Math.floor(bytes * kept) + now.bytes,
        waitedNs: Math.floor(waitedNs * kept) + now.waitedNs,
        idleNs: isActive ? 0 : idleNs + intervalNs,
        restNs: isActive ? REST_NS : restNs,
      };
      this.#named.set(name, aged);
      if (!isActive && aged.idleNs >= aged.restNs) rested.push(aged);
    }
    return rested.sort(heaviestFirst);
  }
}

const IDLE: IoDelta = unknownDelta();

function isBusy({ bytes, waitedNs }: Weight): boolean {
  return bytes > 0 || waitedNs > 0;
}
