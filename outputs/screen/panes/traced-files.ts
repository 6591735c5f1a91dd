/**
 * Which files the selected process, or group of ended ones, reads and writes, while its details are open and `F` has asked
 * for it.
 */
import {
  FileTotals,
  endedKey,
  fileIdentity,
  isEndedKey,
  type FileControl,
  type RankedFiles,
  type Sample,
  type TaskInfo,
} from "../../../src/model/index.ts";

/** More than anybody scrolls through. */
const MOST_FILES = 64;
/** Of a group: what those have written that ended before may still be on its way to the disk. */
const MOST_MEMBERS = 8192;

export interface TracedFiles {
  /** Sums since the process was selected; null until the first sample that has files. */
  readonly ranked: RankedFiles | null;
  /** Nobody can ask for files of a recording: it has them, or not. */
  readonly isRecorded: boolean;
  /** What cannot be seen and why; null if nothing is known to be missing. */
  readonly problem: string | null;
}

export class TracedFilesWatch {
  /** Of the process, or of the group; null: nobody looks. */
  #key: string | null = null;
  /** Keys of its processes. */
  #members = new Set<string>();
  #seq = NaN;
  #totals: FileTotals | null = null;
  #ranked: RankedFiles | null = null;

  forget(): void {
    this.#key = null;
  }

  /** A sample came. */
  take({ seq, files, processes }: Sample): void {
    if (this.#key === null || seq <= this.#seq) return;
    this.#seq = seq;
    if (files === null) return;
    this.#totals ??= new FileTotals(fileIdentity);
    if (isEndedKey(this.#key))
      for (const { task, exit } of processes)
        if (exit !== null && endedKey(task) === this.#key)
          this.#addMember(task.processKey);
    this.#totals.add(
      files.filter(
        ({ processKey }) =>
          processKey !== null && this.#members.has(processKey),
      ),
    );
    this.#ranked = null;
  }

  /**
   * While an earlier sample is on the screen, sums are those of the newest one.
   *
   * @param control null with a recording, which may have files all the same
   */
  follow(
    control: FileControl | null,
    task: TaskInfo,
    sample: Sample,
  ): TracedFiles {
    const key = isEndedKey(task.key) ? task.key : task.processKey;
    if (key !== this.#key) {
      this.#key = key;
      this.#members = new Set([task.processKey]);
      this.#seq = NaN;
      this.#totals = this.#ranked = null;
      this.take(sample);
    }
    this.#ranked ??= this.#totals && this.#totals.rank(MOST_FILES);
    return {
      ranked: this.#ranked,
      isRecorded: control === null,
      problem: control === null ? null : control.want(),
    };
  }

  #addMember(processKey: string): void {
    this.#members.add(processKey);
    if (this.#members.size <= MOST_MEMBERS) return;
    const [oldest] = this.#members;
    this.#members.delete(oldest!);
  }
}
