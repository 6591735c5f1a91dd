/**
 * What each group did, and when. Memory is bounded: time is kept in bins of whole samples, which are merged in pairs when
 * there are too many; and groups that moved little are no longer kept by name when there are too many of them.
 */
import {
  heaviestFirst,
  netBytes,
  selectsAll,
  sumDeltas,
  type GroupKind,
  type Sample,
  type View,
  type Weight,
} from "../../src/model/index.ts";
import { ProcessGroups, watchedProcesses } from "../run/process-groups.ts";
import {
  addAmounts,
  addCell,
  beginMsOf,
  binOf,
  mergeInto,
  newCell,
  type Amounts,
  type Bin,
  type Cell,
} from "./bin.ts";

export interface TimelineOptions {
  readonly kind: GroupKind;
  /** Most bins. */
  readonly points: number;
  /** Most pairs of a group and a bin. Beyond them the smallest groups lose their names, until half are left. */
  readonly cells: number;
}

export class Timeline {
  readonly #options: TimelineOptions;
  readonly #processes: ProcessGroups;
  /** In the order of their ends. */
  #bins: Bin[] = [];
  /** How many samples make a bin. */
  #samplesPerBin = 1;
  #cells = 0;
  #smallNames = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#processes = new ProcessGroups(options.kind);
  }

  get bins(): readonly Bin[] {
    return this.#bins;
  }

  /** How many groups have lost their names. */
  get smallNames(): number {
    return this.#smallNames;
  }

  add(sample: Sample, view: View): void {
    const total: Amounts = selectsAll(view)
      ? sample.host
      : sumDeltas(watchedProcesses(sample, view));
    const bin = this.#place(binOf(sample, total));
    this.#processes.follow(sample, view, {
      did: (group, io, isNew) => {
        const cell = this.#cellOf(bin, group);
        addAmounts(cell.amounts, io);
        if (isNew) cell.first++;
      },
      left: (group, lastMs, hasEnded) => {
        const cell = this.#cellAt(lastMs, group);
        cell.last++;
        if (hasEnded) cell.ended++;
      },
    });
    if (this.#bins.length > this.#options.points) this.#halve();
    if (this.#cells > this.#options.cells) this.#forget();
  }

  /** All groups that have names, the heaviest first. */
  rank(): readonly string[] {
    return this.#weigh().map(({ name }) => name);
  }

  /** By cell: the processes of which no end is known, and which did something there for the last time so far. */
  lastOfCurrent(): ReadonlyMap<Cell, number> {
    const counts = new Map<Cell, number>();
    for (const { group, lastMs } of this.#processes.current()) {
      const cell = this.#cellAt(lastMs, group);
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    return counts;
  }

  /** @returns the bin that the sample's belongs to from now on */
  #place(bin: Bin): Bin {
    const bins = this.#bins;
    const last = bins.at(-1);
    const middleMs = (beginMsOf(bin) + bin.endMs) / 2;
    if (last === undefined || middleMs > last.endMs) {
      if (last !== undefined && this.#continues(last, bin)) {
        mergeInto(last, bin);
        return last;
      }
      bins.push(bin);
      return bin;
    }
    // A clock was set back; or it is another recording, of a time that another machine has told about already.
    const at = this.#indexAt(middleMs);
    const there = bins[at]!;
    if (beginMsOf(there) <= middleMs || there.endMs === bin.endMs) {
      mergeInto(there, bin, true);
      return there;
    }
    bins.splice(at, 0, bin);
    return bin;
  }

  #continues(last: Bin, bin: Bin): boolean {
    return last.samples < this.#samplesPerBin && follows(last, bin);
  }

  /** The first bin that does not end before a time; else the last one. */
  #indexAt(timeMs: number): number {
    let low = 0;
    let high = this.#bins.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#bins[middle]!.endMs < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #cellAt(timeMs: number, group: string): Cell {
    const bin = this.#bins[this.#indexAt(timeMs)]!;
    return bin.cells.get(group) ?? bin.small;
  }

  #cellOf(bin: Bin, group: string): Cell {
    let cell = bin.cells.get(group);
    if (cell === undefined) {
      bin.cells.set(group, (cell = newCell()));
      this.#cells++;
    }
    return cell;
  }

  #halve(): void {
    const before = this.#bins.length;
    this.#samplesPerBin *= 2;
    this.#bins = mergePairs(this.#bins, follows);
    // There are more pauses than bins can show.
    if (this.#bins.length > before * 0.75)
      this.#bins = mergePairs(this.#bins, () => true);
    this.#countCells();
  }

  #forget(): void {
    const kept = new Set<string>();
    let room = this.#options.cells / 2;
    for (const { name, cells } of this.#weigh()) {
      room -= cells;
      if (room < 0) break;
      kept.add(name);
    }
    const forgotten = new Set<string>();
    for (const { cells, small } of this.#bins)
      for (const [name, cell] of cells) {
        if (kept.has(name)) continue;
        forgotten.add(name);
        addCell(small, cell);
        cells.delete(name);
      }
    this.#smallNames += forgotten.size;
    this.#countCells();
  }

  #countCells(): void {
    this.#cells = this.#bins.reduce((sum, { cells }) => sum + cells.size, 0);
  }

  #weigh(): readonly (Weight & { readonly cells: number })[] {
    const sums = new Map<string, { sum: Cell; cells: number }>();
    for (const bin of this.#bins)
      for (const [name, cell] of bin.cells) {
        let group = sums.get(name);
        if (group === undefined)
          sums.set(name, (group = { sum: newCell(), cells: 0 }));
        addCell(group.sum, cell);
        group.cells++;
      }
    return [...sums]
      .map(([name, { sum, cells }]) => ({
        name,
        bytes: netBytes(sum.amounts) ?? 0,
        waitedNs: sum.amounts.ioWaitNs ?? 0,
        cells,
      }))
      .sort(heaviestFirst);
  }
}

/** Whether one bin goes on where the other one ends, but for a short pause. */
function follows(a: Bin, b: Bin): boolean {
  const pauseNs = (beginMsOf(b) - a.endMs) * 1e6;
  return a.boot === b.boot && pauseNs <= a.watchedNs + b.watchedNs;
}

/** @param mayMerge what is not merged with the bin before it begins the next pair */
function mergePairs(
  bins: readonly Bin[],
  mayMerge: (a: Bin, b: Bin) => boolean,
): Bin[] {
  const merged: Bin[] = [];
  let isOpen = false;
  for (const bin of bins) {
    const last = merged.at(-1);
    if (isOpen && last !== undefined && mayMerge(last, bin)) {
      mergeInto(last, bin);
      isOpen = false;
    } else {
      merged.push(bin);
      isOpen = true;
    }
  }
  return merged;
}
