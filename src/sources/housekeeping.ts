/**
 * Gives back memory between two samples. The runtime by itself lets its heap grow to 32 MiB, or to twice what is in use,
 * before it collects garbage: each sample leaves some, a burst of exits much. By then it lies between what is in use, so
 * that hardly any of it can be given back.
 */
import { readResidentBytes, releaseCode } from "../kernel/memory.ts";

/** By how much memory grows until then: at least that, and by a share of what is left after the last time. */
const LEAST_BYTES = 4 * 1024 ** 2;
const SHARE = 1 / 8;
/**
 * By less, where there is much room between what is in use: garbage fills that before memory grows at all. A bit of it is
 * kept each time, so that the room would grow without end. Together with it, garbage may take that much, or that share of
 * what is in use; but memory may always grow a little.
 */
const ROUND_BYTES = 14 * 1024 ** 2;
const ROUND_SHARE = 1 / 4;
const LEAST_GROWTH_BYTES = 1024 ** 2;

/** Half of that is needed again within a second. */
const MOST_CODE_BYTES = 14 * 1024 ** 2;

export interface Memory {
  /** What is resident, garbage included. The runtime's own figures leave out objects that are new. */
  sizeBytes(): number;
  /** Collects garbage: 5 to 10 ms. */
  giveBack(): void;
  /** After that: what of the heap garbage can fill again. */
  roomBytes(): number;
}

export const OWN_MEMORY: Memory = {
  sizeBytes: () => readResidentBytes("anonymous"),
  giveBack() {
    Bun.gc(true);
    if (readResidentBytes("file") > MOST_CODE_BYTES) releaseCode();
  },
  roomBytes() {
    // In this runtime: blocks of the heap; what is alive, with what lies outside of them.
    const { heapTotal, heapUsed, external } = process.memoryUsage();
    return heapTotal - (heapUsed - external);
  },
};

export class Housekeeping {
  readonly #memory: Memory;
  /** The least since the last time: of what was freed, some is given back to the system only later. */
  #leastBytes = 0;
  #roomBytes = 0;

  constructor(memory: Memory = OWN_MEMORY) {
    this.#memory = memory;
  }

  /** To be called where nobody waits. */
  tidyUp(): void {
    const bytes = this.#memory.sizeBytes();
    this.#leastBytes = Math.min(this.#leastBytes, bytes);
    if (bytes - this.#leastBytes < this.#mayGrowBytes()) return;
    this.#memory.giveBack();
    this.#leastBytes = this.#memory.sizeBytes();
    this.#roomBytes = this.#memory.roomBytes();
  }

  #mayGrowBytes(): number {
    const [leastBytes, roomBytes] = [this.#leastBytes, this.#roomBytes];
    const inUseBytes = leastBytes - roomBytes;
    const roundBytes = Math.max(ROUND_BYTES, inUseBytes * ROUND_SHARE);
    return Math.min(
      Math.max(LEAST_BYTES, leastBytes * SHARE),
      Math.max(LEAST_GROWTH_BYTES, roundBytes - roomBytes),
    );
  }
}
