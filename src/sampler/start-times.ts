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
  /** By tid: the last one given since they were last forgotten, and in the sample before. */
  #newestMs = new Map<number, number>();
  #earlierMs: ReadonlyMap<number, number> = new Map();
  /** By pid, likewise. */
  #spans = new Map<number, Span>();
  #earlierSpans: ReadonlyMap<number, Span> = new Map();
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
      NEXT_LIFE_MS + this.#newestOf(tid),
    );
    if (isMain) span.mainMs = startMs;
    span.oldestMs = Math.min(span.oldestMs, startMs);
    span.newestMs = Math.max(span.newestMs, startMs);
    this.#newestMs.set(tid, startMs);
    return startMs;
  }

  /**
   * After a sample. What it shows is kept until the next one: a life that began within the same millisecond may be seen
   * only then. What begins later has a later start by itself.
   */
  forget(): void {
    this.#earlierMs = this.#newestMs;
    this.#newestMs = new Map();
    this.#earlierSpans = this.#spans;
    this.#spans = new Map();
  }

  #newestOf(tid: number): number {
    return this.#newestMs.get(tid) ?? this.#earlierMs.get(tid) ?? -Infinity;
  }

  #setEpoch(readNs: number): void {
    this.#epochReadNs = readNs;
    this.#epochMs = this.#clock.wallMs() - this.#clock.monotonicNs() / 1e6;
  }

  #spanOf(pid: number, process: number): Span {
    const current = this.#spans.get(pid);
    if (current?.process === process) return current;
    const before = current ?? this.#earlierSpans.get(pid);
    const isSame = before?.process === process;
    // Its main thread, which may be seen later, has the pid for its tid.
    const beforeMs = isSame
      ? -Infinity
      : Math.max(before?.newestMs ?? -Infinity, this.#newestOf(pid));
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
