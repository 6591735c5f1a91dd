/** One process: from its first thread to its last, in whatever order they are heard of. */
import type { EndedThreads } from "../model/sample.ts";

/** What ended threads did since watching began, and ever. */
export type Ended = Omit<EndedThreads, "hasUnseenThread">;

/** A process from its first thread to its last. */
export class Process {
  readonly pid: number;
  /** Threads whose end no sample has reported. */
  threads = 0;
  /** Lives in the life table, zombies and others that are reported already too. */
  lives = 0;
  /** All threads are known to have ended: what joins under the same pid is of another process. */
  isDead = false;
  /** Its last message had not been sent by then, monotonic ns; 0 if none came. */
  aliveNs = 0;
  /** The thread that ended last was not the last one. */
  goesOn = false;
  /** Its main thread has been seen: another one means that the pid is used again. */
  hasMain = false;
  /** Its main thread has been heard of, and joins it later: no other one may. */
  isReserved = false;
  /**
   * How old it was when its last thread ended, µs; NaN before that, and if it had but one: no other message can come
   * late.
   */
  endAgeUs = NaN;
  /** What threads did that ended while it goes on. */
  ended: Ended | undefined;
  /** Of the first of its tasks that was heard of, Unix ms: no other one under its tid has the same. */
  startMs = NaN;
  #key: string | undefined;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** What outputs know it by. Of most that come and go nobody asks. */
  get key(): string {
    return (this.#key ??= `${this.pid}.${this.startMs}`);
  }

  /** No thread is known to live, though the last one has not ended: others began after the list was read. */
  get hasNoKnownThread(): boolean {
    return this.threads === 0 && !this.isDead;
  }
}
