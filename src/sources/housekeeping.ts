/**
 * Gives back memory between two samples. The runtime by itself lets its heap grow to 32 MiB, or to twice what is in use,
 * before it collects garbage: each sample leaves some, a burst of exits much. By then it lies between what is in use, so
 * that hardly any of it can be given back.
 */
import { readResidentBytes, releaseCode } from "../kernel/memory.ts";

/** By how much memory grows until then: at least that, and by a share of what is left after the last time. */
const LEAST_BYTES = 4 * 1024 ** 2;
const SHARE = 1 / 8;

/** Half of that is needed again within a second. */
const MOST_CODE_BYTES = 14 * 1024 ** 2;

export interface Memory {
  /** What is resident, garbage included. The runtime's own figures leave out objects that are new. */
  sizeBytes(): number;
  /** Collects garbage: 5 to 10 ms. */
  giveBack(): void;
}

export const OWN_MEMORY: Memory = {
  sizeBytes: () => readResidentBytes("anonymous"),
  giveBack() {
    Bun.gc(true);
    if (readResidentBytes("file") > MOST_CODE_BYTES) releaseCode();
  },
};

export class Housekeeping {
  readonly #memory: Memory;
  /** The least since the last time: of what was freed, some is given back to the system only later. */
  #leastBytes = 0;

  constructor(memory: Memory = OWN_MEMORY) {
    this.#memory = memory;
  }

  /** To be called where nobody waits. */
  tidyUp(): void {
    const bytes = this.#memory.sizeBytes();
    this.#leastBytes = Math.min(this.#leastBytes, bytes);
    const grownBytes = bytes - this.#leastBytes;
    if (grownBytes < Math.max(LEAST_BYTES, this.#leastBytes * SHARE)) return;
    this.#memory.giveBack();
    this.#leastBytes = this.#memory.sizeBytes();
  }
}
