/**
 * What has been counted so far, as running sums that never go down. They are exact integers: a Number could not hold a
 * year of waits of many tasks in nanoseconds.
 */
import {
  GroupNames,
  OTHER_GROUP,
  countTasks,
  divideByGroup,
  shortenContainerIds,
  sumGroups,
  wholeTotals,
  zeroDelta,
  type Counter,
  type GroupKind,
  type IoDelta,
  type Sample,
} from "../../src/model/index.ts";
import type { Grouping } from "../group-options.ts";
import { addTo } from "./amounts.ts";
import { DeviceSums } from "./device-sums.ts";
import { labelValue } from "./exposition.ts";

/** The counters that are exposed. */
export const EXPOSED = [
  "readBytes",
  "writeBytes",
  "cancelledBytes",
  "ioWaitNs",
  "swapWaitNs",
] as const satisfies readonly Counter[];
export type ExposedCounter = (typeof EXPOSED)[number];

/** By counter; one that has been unknown in every sample is missing. */
export type Amounts = ReadonlyMap<ExposedCounter, bigint>;

/**
 * How long a group keeps its name that was active once. A server that asks once a minute sees its values, and takes a
 * series that it has not seen for five minutes for a new one.
 */
const FIRST_REST_NS = 600e9;

/** One group, or the remainder. */
export interface SeriesSums {
  readonly label: string;
  readonly amounts: Amounts;
  readonly endedTasks: bigint;
  /** Alive at the end of the last sample. */
  readonly tasks: number;
  /** When its sums began at 0, Unix ms. */
  readonly createdMs: number;
}

class MutableSums {
  readonly amounts = new Map<ExposedCounter, bigint>();
  /** Names of the groups with this label. */
  readonly names = new Set<string>();
  endedTasks = 0n;
  tasks = 0;

  readonly label: string;
  readonly createdMs: number;

  constructor(label: string, createdMs: number) {
    this.label = label;
    this.createdMs = createdMs;
  }

  add(io: IoDelta): void {
    for (const counter of EXPOSED) addTo(this.amounts, counter, io[counter]);
  }
}

export class RunningSums {
  readonly #options: Grouping;
  readonly #table: GroupNames;
  /** By the name of the group. */
  readonly #named = new Map<string, MutableSums>();
  /** By label: groups whose names differ in what cannot be shown are one series. */
  readonly #series = new Map<string, MutableSums>();
  readonly #totals = new Map<ExposedCounter, bigint>();
  readonly #retired = new Map<ExposedCounter, bigint>();
  readonly #disk = new Map<"read" | "write", bigint>();
  readonly devices = new DeviceSums();
  #other: MutableSums | null = null;
  #last: Sample | null = null;
  #startMs = 0;
  #samples = 0n;
  #merged = 0n;
  #lostEvents = 0n;

  constructor(options: Grouping) {
    this.#options = options;
    this.#table = new GroupNames(options.maxGroups, FIRST_REST_NS);
  }

  /** The newest sample; null before the first. */
  get last(): Sample | null {
    return this.#last;
  }
  /** When counting began, Unix ms. */
  get startMs(): number {
    return this.#startMs;
  }
  get samples(): bigint {
    return this.#samples;
  }
  /** How many samples were not seen by themselves, but as part of the next one. */
  get merged(): bigint {
    return this.#merged;
  }
  get lostEvents(): bigint {
    return this.#lostEvents;
  }
  /** All tasks. */
  get totals(): Amounts {
    return this.#totals;
  }
  /** What groups did that have lost their names: with it the groups make up the totals. */
  get retired(): Amounts {
    return this.#retired;
  }
  /** What the block layer moved, bytes. */
  get disk(): ReadonlyMap<"read" | "write", bigint> {
    return this.#disk;
  }
  /** One line, once, when a group has got no name because all were taken. */
  takeNotice(): string | null {
    return this.#table.takeNotice();
  }
  /** In the order of their labels, the remainder last; empty without groups. */
  get groups(): readonly SeriesSums[] {
    const groups = [...this.#series.values()].sort((a, b) =>
      a.label < b.label ? -1 : 1,
    );
    return this.#other === null ? groups : [...groups, this.#other];
  }

  add(sample: Sample): void {
    const { host, health } = sample;
    const beganMs = sample.timeMs - Math.round(sample.intervalNs / 1e6);
    if (this.#last === null) this.#startMs = beganMs;
    else if (sample.seq > this.#last.seq + 1)
      this.#merged += BigInt(sample.seq - this.#last.seq - 1);
    this.#samples++;
    this.#lostEvents += BigInt(health.lostExits);
    const totals = wholeTotals(sample);
    for (const counter of EXPOSED)
      addTo(this.#totals, counter, totals[counter]);
    addTo(this.#disk, "read", host.diskReadBytes);
    addTo(this.#disk, "write", host.diskWriteBytes);
    this.devices.add(sample, beganMs);
    if (this.#options.kind !== null)
      this.#addGroups(sample, totals, this.#options.kind, beganMs);
    this.#last = sample;
  }

  #addGroups(
    sample: Sample,
    totals: IoDelta,
    kind: GroupKind,
    beganMs: number,
  ): void {
    const counts = countTasks(sample, kind);
    const sums = sumGroups(sample, kind);
    const isFirst = this.#other === null;
    this.#table.admit(sums.groups, sample.intervalNs);
    if (isFirst) this.#table.reserve(sample, kind);
    this.#rename(totals, beganMs);
    const other = (this.#other ??= new MutableSums(OTHER_GROUP, beganMs));
    const division = divideByGroup(totals, sums, this.#table);
    for (const [name, io] of division.groups) this.#named.get(name)!.add(io);
    other.add(division.other);
    for (const series of this.#series.values()) series.tasks = 0;
    other.tasks = sample.host.tasks;
    for (const [name, { living, ended }] of counts) {
      const series = (name === null ? null : this.#named.get(name)) ?? other;
      series.endedTasks += BigInt(ended);
      if (series === other) continue;
      series.tasks += living;
      other.tasks -= living;
    }
    other.tasks = Math.max(0, other.tasks);
  }

  /** Follows the table of names: makes series for new ones, and ends those of which no name is left. */
  #rename(totals: IoDelta, beganMs: number): void {
    for (const [name, series] of this.#named) {
      if (this.#table.has(name)) continue;
      this.#named.delete(name);
      series.names.delete(name);
      if (series.names.size > 0) continue;
      this.#series.delete(series.label);
      for (const [counter, amount] of series.amounts)
        this.#retired.set(counter, (this.#retired.get(counter) ?? 0n) + amount);
    }
    const { names } = this.#table;
    if (names.length === this.#named.size) return;
    const short = shortenContainerIds(names);
    for (const name of names) {
      if (this.#named.has(name)) continue;
      const label = labelValue(short.get(name)!);
      let series = this.#series.get(label);
      if (series === undefined) {
        this.#series.set(label, (series = new MutableSums(label, beganMs)));
        // It has done nothing before this sample: that is known of all that is known of all tasks.
        series.add(zeroDelta((counter) => totals[counter] !== null));
      }
      series.names.add(name);
      this.#named.set(name, series);
    }
  }
}
