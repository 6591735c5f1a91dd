/**
 * For whom dirty pages are written. Who writes them out is a kernel thread, or whoever calls fsync; who made them dirty
 * is known from before. What goes to the device is divided among those in proportion to what each has dirtied of the file
 * and is not written yet. Pure.
 */
import { dropOldest } from "./drop-oldest.ts";

/** Dirty pages of a file that was truncated or deleted are never written. The kernel writes all others within 30 s. */
const KEEP_NS = 60e9;
const MOST_FILES = 8192;

interface Debt {
  bytes: number;
  sinceNs: number;
}

export class WrittenBack<Owner> {
  /** By file; the one that was dirtied last is the last. */
  readonly #files = new Map<string, Map<Owner, Debt>>();

  dirtied(file: string, owner: Owner, bytes: number, nowNs: number): void {
    const debts = this.#files.get(file) ?? new Map<Owner, Debt>();
    this.#files.delete(file);
    this.#files.set(file, debts);
    const debt = debts.get(owner);
    if (debt === undefined) debts.set(owner, { bytes, sinceNs: nowNs });
    else {
      debt.bytes += bytes;
      debt.sinceNs = nowNs;
    }
    dropOldest(this.#files, MOST_FILES);
  }

  /** @returns whose bytes they are; null: of nobody that we saw. The shares add up to `bytes`. */
  written(
    file: string,
    bytes: number,
    nowNs: number,
  ): readonly (readonly [Owner | null, number])[] {
    const debts = this.#files.get(file) ?? new Map<Owner, Debt>();
    for (const [owner, { sinceNs }] of debts)
      if (nowNs - sinceNs > KEEP_NS) debts.delete(owner);
    let owed = 0;
    for (const debt of debts.values()) owed += debt.bytes;
    let left = bytes;
    const shares: [Owner | null, number][] = [];
    for (const [owner, debt] of debts) {
      // Of what is left, the part that this one has of what the rest owe: no byte is lost to rounding.
      const share = Math.min(
        debt.bytes,
        Math.round((left * debt.bytes) / owed),
      );
      owed -= debt.bytes;
      left -= share;
      debt.bytes -= share;
      if (debt.bytes === 0) debts.delete(owner);
      if (share > 0) shares.push([owner, share]);
    }
    if (debts.size === 0) this.#files.delete(file);
    if (left > 0) shares.push([null, left]);
    return shares;
  }
}
