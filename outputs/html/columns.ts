/** Bins as columns of numbers, as the page has them. */
import type { Unknown } from "../../src/model/index.ts";
import {
  SHOWN,
  addAmounts,
  addCell,
  newAmounts,
  newCell,
  type Amounts,
  type Bin,
  type Cell,
} from "./bin.ts";
import { encodeColumn, type Column, type GroupData } from "./page/data.ts";

/** What a group did in one bin. */
interface CellLike {
  readonly amounts: Amounts;
  readonly first: number | Unknown;
  readonly last: number;
  readonly ended: number | Unknown;
}

export class Columns {
  readonly #bins: readonly Bin[];
  readonly #lastOfCurrent: ReadonlyMap<Cell, number>;
  /** The kernel counts whole KiB nearly always: then numbers are three digits shorter. */
  readonly bytesUnit: 1 | 1024;

  constructor(bins: readonly Bin[], lastOfCurrent: ReadonlyMap<Cell, number>) {
    this.#bins = bins;
    this.#lastOfCurrent = lastOfCurrent;
    this.bytesUnit = bins.every(isWholeKibibytes) ? 1024 : 1;
  }

  of(amountOf: (bin: Bin) => number | Unknown): Column {
    return encodeColumn(this.#bins.map(amountOf));
  }

  bytes(amountOf: (bin: Bin) => number | Unknown): Column {
    return this.of((bin) => inUnits(amountOf(bin), this.bytesUnit));
  }

  /** @param group as bins call it @param name as it is shown */
  group(group: string, name: string): GroupData {
    return this.#encode(
      name,
      this.#bins.map((bin) => {
        const cell = bin.cells.get(group);
        return cell === undefined ? nothingIn(bin) : this.#closed(cell);
      }),
    );
  }

  /** What is in none of these groups: other ones, and what no group is known of. */
  rest(groups: ReadonlySet<string>): GroupData {
    return this.#encode(
      "",
      this.#bins.map((bin) => this.#restOf(bin, groups)),
    );
  }

  #restOf(bin: Bin, groups: ReadonlySet<string>): CellLike {
    const named = newAmounts();
    const others = newCell();
    addCell(others, this.#closed(bin.small));
    for (const [group, cell] of bin.cells)
      if (groups.has(group)) addAmounts(named, cell.amounts);
      else addCell(others, this.#closed(cell));
    const { amounts } = others;
    let isCounted = true;
    for (const counter of SHOWN) {
      const whole = bin.total[counter];
      if (whole === null) continue;
      const left = whole - (named[counter] ?? 0);
      if (left !== (amounts[counter] ?? 0)) isCounted = false;
      // Less than nothing can only be in a damaged recording.
      amounts[counter] = left < 0 ? null : left;
    }
    // Nobody knows which processes did what no group is known of.
    const { readBytes, writeBytes } = bin.total;
    return isCounted && (readBytes !== null || writeBytes !== null)
      ? others
      : { ...others, first: null, ended: null };
  }

  /** With the processes that go on, and have done nothing since. */
  #closed(cell: Cell): Cell {
    const more = this.#lastOfCurrent.get(cell);
    return more === undefined ? cell : { ...cell, last: cell.last + more };
  }

  #encode(name: string, cells: readonly CellLike[]): GroupData {
    const unit = this.bytesUnit;
    const column = (valueOf: (cell: CellLike) => number | Unknown): Column =>
      encodeColumn(cells.map(valueOf));
    return {
      name,
      read: column(({ amounts }) => inUnits(amounts.readBytes, unit)),
      write: column(({ amounts }) => inUnits(amounts.writeBytes, unit)),
      cancelled: column(({ amounts }) => inUnits(amounts.cancelledBytes, unit)),
      io_delay_ns: column(({ amounts }) => amounts.ioWaitNs),
      first: column(({ first }) => first),
      last: column(({ last }) => last),
      ended: column(({ ended }) => ended),
    };
  }
}

/** A group that did nothing in a bin, as far as is known. */
function nothingIn({ total }: Bin): CellLike {
  const amounts = newAmounts();
  for (const counter of SHOWN)
    if (total[counter] !== null) amounts[counter] = 0;
  return { amounts, first: 0, last: 0, ended: 0 };
}

const inUnits = (bytes: number | Unknown, unit: number): number | Unknown =>
  bytes === null ? null : bytes / unit;

const isWhole = (bytes: number | Unknown): boolean =>
  bytes === null || bytes % 1024 === 0;

function isWholeKibibytes(bin: Bin): boolean {
  const all = [bin.total, bin.small.amounts];
  for (const { amounts } of bin.cells.values()) all.push(amounts);
  return (
    isWhole(bin.diskReadBytes) &&
    isWhole(bin.diskWriteBytes) &&
    all.every(
      (amounts) =>
        isWhole(amounts.readBytes) &&
        isWhole(amounts.writeBytes) &&
        isWhole(amounts.cancelledBytes),
    )
  );
}
