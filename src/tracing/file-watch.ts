/** Who reads and writes which file: by programs in the kernel, or where it takes none, by positions. */
import { readlinkSync } from "node:fs";
import type { Clock } from "../kernel/clock.ts";
import { readSmallFile } from "../kernel/files.ts";
import type { FileDelta } from "../model/files/file-delta.ts";
import type { Sample } from "../model/sample.ts";
import { BlockLayers } from "./block-layers.ts";
import { FileJoin } from "./join.ts";
import { mountsByDevice } from "./mounts.ts";
import { Positions } from "./positions.ts";
import { explainRefusal } from "./refusal.ts";
import { Tracer, type FileEvent } from "./tracer.ts";
import { Traffic } from "./traffic.ts";

export interface FileWatch extends Disposable {
  /** What was counted up to now is of no interest. */
  restart(): void;
  /**
   * Takes what was counted, so that there is room for more.
   *
   * @returns how much there was: entries
   */
  drain(): number;
  /** What was counted since the last time. */
  take(sample: Sample): readonly FileDelta[];
}

/** What is counted in the kernel; tests pass their own. */
export interface EventSource extends Disposable {
  readonly knowsDirectFiles: boolean;
  drain(nowNs: number): readonly FileEvent[];
  readLostBytes(): number;
}

/** Tells the user what is not seen, and why: one line, without the name of the option. */
export type Notify = (text: string) => void;

/** @throws any error that nobody foresaw */
export function openFileWatch(clock: Clock, notify: Notify): FileWatch {
  const reason = isInInitialPids() ? null : OTHER_PIDS;
  if (reason !== null) return new FilePositions(reason, notify);
  try {
    return new FileTracing(new Tracer(), clock, notify);
  } catch (error) {
    const reason = explainRefusal(error);
    if (reason === null) throw error;
    return new FilePositions(reason, notify);
  }
}

const OTHER_PIDS =
  "in a pid namespace of its own (a container), process ids differ from the kernel's";

export class FileTracing implements FileWatch {
  readonly #events: EventSource;
  readonly #clock: Clock;
  readonly #notify: Notify;
  #saidLost = false;
  readonly #traffic = new Traffic(new BlockLayers(), () =>
    mountsByDevice(readSmallFile("/proc/self/mountinfo") ?? ""),
  );
  readonly #join = new FileJoin();

  constructor(events: EventSource, clock: Clock, notify: Notify) {
    this.#events = events;
    this.#clock = clock;
    this.#notify = notify;
    if (!events.knowsDirectFiles)
      notify("before Linux 6.5, I/O with O_DIRECT has no file");
  }

  restart(): void {
    this.drain();
    this.#traffic.take();
  }

  drain(): number {
    const nowNs = this.#clock.monotonicNs();
    const events = this.#events.drain(nowNs);
    this.#traffic.add(events, nowNs);
    if (!this.#saidLost && this.#events.readLostBytes() > 0) {
      this.#saidLost = true;
      this.#notify(
        "too many files were used at once: the I/O of some is not attributed",
      );
    }
    return events.length;
  }

  take(sample: Sample): readonly FileDelta[] {
    this.drain();
    return this.#join.join(sample, this.#traffic.take());
  }

  [Symbol.dispose](): void {
    this.#events[Symbol.dispose]();
  }
}

/** Programs in the kernel see ids of the first namespace, whose number is fixed (PROC_PID_INIT_INO). */
function isInInitialPids(): boolean {
  try {
    return readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return false;
  }
}

class FilePositions implements FileWatch {
  readonly #positions = new Positions();

  constructor(reason: string, notify: Notify) {
    notify(
      `iotop shows only how far positions in open files move, which misses pread, pwrite and mapped files: ${reason}`,
    );
  }

  restart(): void {}
  drain(): number {
    return 0;
  }

  take(sample: Sample): readonly FileDelta[] {
    return this.#positions.take(sample);
  }

  [Symbol.dispose](): void {}
}
