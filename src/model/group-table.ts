/**
 * Which groups have a name of their own in metrics: as many as are allowed. Names are given before a sample is divided,
 * so that a program that lives within one sample has its name in it. That suits counters of what each interval added. A
 * reader of running totals takes the first value that it sees of a series for its beginning: for one, a new name would
 * have to start at 0, and what it did before to stay in the remainder.
 */
import { addCounters } from "./delta.ts";
import type { IoDelta } from "./sample.ts";

/** What a group did counts half after this time. */
const HALF_LIFE_NS = 60e9;

interface Weight {
  readonly movedBytes: number;
  readonly waitedNs: number;
}

type Named = readonly [name: string, weight: Weight];

export class GroupTable {
  readonly #maxGroups: number;
  /** By name: what it did in this sample and, counting ever less, before. */
  readonly #weights = new Map<string, Weight>();
  #hasRefused = false;

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups;
  }

  /** Whether a group that did something has gone without a name, as too many have one. */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  get names(): readonly string[] {
    return [...this.#weights.keys()];
  }

  has(name: string): boolean {
    return this.#weights.has(name);
  }

  /**
   * Gives names to the groups of a sample, the biggest first. Who has a name keeps it while it does something; when
   * there is none left, a group takes that of the lightest one that is still, if it outweighs it.
   *
   * @param groups what each group did
   * @returns whether the names are other ones now
   */
  admit(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): boolean {
    const still = this.#age(groups, intervalNs);
    const newcomers = [...groups]
      .map(([name, io]): Named => [name, weigh(io)])
      .filter(([name, weight]) => isBusy(weight) && !this.has(name))
      .sort(heaviestFirst);
    let given = 0;
    for (const [name, weight] of newcomers) {
      if (this.#weights.size >= this.#maxGroups) {
        const lightest = still.pop();
        if (lightest === undefined || compare(weight, lightest[1]) <= 0) {
          this.#hasRefused = true;
          break;
        }
        this.#weights.delete(lightest[0]);
      }
      this.#weights.set(name, weight);
      given++;
    }
    return given > 0;
  }

  /** Takes over what those that have a name did. @returns the still ones, the lightest last */
  #age(groups: ReadonlyMap<string, IoDelta>, intervalNs: number): Named[] {
    const kept = 0.5 ** (intervalNs / HALF_LIFE_NS);
    const still: Named[] = [];
    for (const [name, { movedBytes, waitedNs }] of this.#weights) {
      const io = groups.get(name);
      const now = io === undefined ? IDLE : weigh(io);
      const weight = {
        movedBytes: Math.floor(movedBytes * kept) + now.movedBytes,
        waitedNs: Math.floor(waitedNs * kept) + now.waitedNs,
      };
      this.#weights.set(name, weight);
      if (!isBusy(now)) still.push([name, weight]);
    }
    return still.sort(heaviestFirst);
  }
}

const IDLE: Weight = { movedBytes: 0, waitedNs: 0 };

function weigh(io: IoDelta): Weight {
  const moved = addCounters(io.readBytes, io.writeBytes);
  return {
    movedBytes: addCounters(moved, io.cancelledBytes) ?? 0,
    waitedNs: addCounters(io.ioWaitNs, io.swapWaitNs) ?? 0,
  };
}

function isBusy({ movedBytes, waitedNs }: Weight): boolean {
  return movedBytes > 0 || waitedNs > 0;
}

/** Bytes first, then waits. */
function compare(a: Weight, b: Weight): number {
  return a.movedBytes - b.movedBytes || a.waitedNs - b.waitedNs;
}

/** Equals by name, so that a replay names the same groups. */
function heaviestFirst([nameA, a]: Named, [nameB, b]: Named): number {
  return compare(b, a) || (nameA < nameB ? -1 : 1);
}
