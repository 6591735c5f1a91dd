/**
 * When lives began, as the outside knows it: Unix time. Starts that were only told by an exit message are known to the
 * time between two drains, so order is kept by hand: no two lives of a tid have the same start, no thread is older than
 * its main one, and who uses a pid again began after all that the process before it had.
 */
import type { Clock } from "../kernel/clock.ts";

/** Less than any label shows: lives that began in the same millisecond are still apart. */
const NEXT_LIFE_MS = 0.001;

/** The latest process of a pid, and the starts that were given to its threads. */
interface Span {
  readonly process: number;
  /** None may be lower. */
  readonly lowMs: number;
  /** Of the main thread; `lowMs` until that is known. */
  mainMs: number;
  oldestMs: number;
  newestMs: number;
}

export interface Birth {
  readonly tid: number;
  readonly pid: number;
  /** Index of the process: tells two of one pid apart. */
  readonly process: number;
  /** About when it began, monotonic. */
  readonly startNs: number;
  /** When that was read, monotonic. */
  readonly readNs: number;
  /** When the life before it under the same tid began, if that is still known. */
  readonly beforeMs: number | undefined;
}

export class StartTimes {
  readonly #clock: Clock;
  /** By tid: the last one given since they were last forgotten. */
  readonly #newestMs = new Map<number, number>();
  /** By pid, likewise. */
  readonly #spans = new Map<number, Span>();
  /** Unix time when the monotonic clock was 0, ms: one look at the clocks for all that was read at once. */
  #epochMs = NaN;
  #epochReadNs = NaN;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns Unix time, ms */
  next({ tid, pid, process, startNs, readNs, beforeMs }: Birth): number {
    const span = this.#spanOf(pid, process);
    const isMain = tid === pid;
    if (readNs !== this.#epochReadNs) this.#setEpoch(readNs);
    const aboutMs = Math.round(this.#epochMs + startNs / 1e6);
    const startMs = Math.max(
      isMain ? Math.min(aboutMs, span.oldestMs) : aboutMs,
      isMain ? span.lowMs : span.mainMs,
      NEXT_LIFE_MS + (beforeMs ?? -Infinity),
      NEXT_LIFE_MS + (this.#newestMs.get(tid) ?? -Infinity),
    );
    if (isMain) span.mainMs = startMs;
    span.oldestMs = Math.min(span.oldestMs, startMs);
    span.newestMs = Math.max(span.newestMs, startMs);
    this.#newestMs.set(tid, startMs);
    return startMs;
  }

  /** After a sample: who begins from now on began later than all that it shows. */
  forget(): void {
    this.#newestMs.clear();
    this.#spans.clear();
  }

  #setEpoch(readNs: number): void {
    this.#epochReadNs = readNs;
    this.#epochMs = this.#clock.wallMs() - this.#clock.monotonicNs() / 1e6;
  }

  #spanOf(pid: number, process: number): Span {
    const before = this.#spans.get(pid);
    if (before?.process === process) return before;
    // Its main thread, which may be seen later, has the pid for its tid.
    const beforeMs = Math.max(
      before?.newestMs ?? -Infinity,
      this.#newestMs.get(pid) ?? -Infinity,
    );
    const lowMs = beforeMs + NEXT_LIFE_MS;
    const span = {
      process,
      lowMs,
      mainMs: lowMs,
      oldestMs: Infinity,
      newestMs: lowMs,
    };
    this.#spans.set(pid, span);
    return span;
  }
}
