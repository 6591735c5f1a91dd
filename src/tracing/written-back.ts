/**
 * For whom dirty pages are written. Who writes them out is a kernel thread, or whoever calls fsync; who made them dirty
 * is known from before. What goes to the device is divided among those in proportion to what each has dirtied of the file
 * and is not written yet. Pure.
 */
import { dropOldest } from "./drop-oldest.ts";

/**
 * Dirty pages of a file that was truncated or deleted are never written. With all others the kernel begins within 30 s; a
 * slow disk takes minutes for them, in which it writes some of the file again and again.
 */
const KEEP_NS = 60e9;
const LONGEST_NS = 300e9;
const MOST_FILES = 8192;
/** Of one file: what many have written that none of them lets get to the disk. */
const MOST_OWNERS = 512;

interface Debt {
  bytes: number;
  sinceNs: number;
}

interface DirtyFile<Owner> {
  readonly debts: Map<Owner, Debt>;
  /** When some of it was written last. */
  writtenNs: number;
}

export class WrittenBack<Owner> {
  /** By file; the one that was dirtied last is the last. */
  readonly #files = new Map<string, DirtyFile<Owner>>();

  dirtied(file: string, owner: Owner, bytes: number, nowNs: number): void {
    const { debts, writtenNs } = this.#dirtyFile(file);
    this.#files.delete(file);
    this.#files.set(file, { debts, writtenNs });
    const before = debts.get(owner)?.bytes ?? 0;
    debts.delete(owner);
    debts.set(owner, { bytes: before + bytes, sinceNs: nowNs });
    dropOldest(debts, MOST_OWNERS);
    dropOldest(this.#files, MOST_FILES);
  }

  /** @returns whose bytes they are; null: of nobody that we saw. The shares add up to `bytes`. */
  written(
    file: string,
    bytes: number,
    nowNs: number,
  ): readonly (readonly [Owner | null, number])[] {
    const dirty = this.#dirtyFile(file);
    const { debts, writtenNs } = dirty;
    dirty.writtenNs = nowNs;
    for (const [owner, { sinceNs }] of debts) {
      const restNs = nowNs - Math.max(sinceNs, writtenNs);
      if (restNs > KEEP_NS || nowNs - sinceNs > LONGEST_NS) debts.delete(owner);
    }
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

  #dirtyFile(file: string): DirtyFile<Owner> {
    return this.#files.get(file) ?? { debts: new Map(), writtenNs: -Infinity };
  }
}
