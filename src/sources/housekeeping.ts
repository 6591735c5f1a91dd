/**
 * Gives back memory between two samples. The runtime by itself lets its heap grow to 32 MiB, or to twice what is in use,
 * before it collects garbage: each sample leaves some, a burst of exits much. Then it fills the gaps between what is in
 * use, so that hardly any of it can be given back.
 */
import { heapSize } from "bun:jsc";
import { releaseCode } from "../kernel/memory.ts";

/** By how much the heap grows until then: at least that, and by a share of what was in use. */
const LEAST_BYTES = 4 * 1024 ** 2;
const SHARE = 0.25;

export interface HeapControl {
  /** What is in use, garbage included. */
  sizeBytes(): number;
  /** Collects garbage: 5 to 10 ms. */
  giveBack(): void;
}

const RUNTIME: HeapControl = {
  sizeBytes: heapSize,
  giveBack() {
    Bun.gc(true);
    releaseCode();
  },
};

export class Housekeeping {
  readonly #heap: HeapControl;
  #mostBytes = LEAST_BYTES;

  constructor(heap: HeapControl = RUNTIME) {
    this.#heap = heap;
  }

  /** To be called where nobody waits. */
  tidyUp(): void {
    if (this.#heap.sizeBytes() < this.#mostBytes) return;
    this.#heap.giveBack();
    const usedBytes = this.#heap.sizeBytes();
    this.#mostBytes = usedBytes + Math.max(LEAST_BYTES, usedBytes * SHARE);
  }
}
