/** Which files the selected process reads and writes, while its details are open and `F` has asked for it. */
import {
  FileTotals,
  type FileControl,
  type FileDelta,
  type RankedFiles,
  type Sample,
  type TaskInfo,
} from "../../../src/model/index.ts";

/** More than anybody scrolls through. */
const MOST_FILES = 64;

export interface TracedFiles {
  /** Sums since the process was selected; null until the first sample that has files. */
  readonly ranked: RankedFiles | null;
  /** What cannot be seen and why; null if nothing is known to be missing. */
  readonly problem: string | null;
}

const identify = ({ kind, device, inode, path, direct }: FileDelta): string =>
  JSON.stringify([kind, device, inode ?? path, direct]);

export class TracedFilesWatch {
  #processKey: string | null = null;
  #seq = NaN;
  #totals: FileTotals | null = null;

  forget(): void {
    this.#processKey = null;
  }

  /** @param control null with a recording, which may have files all the same */
  follow(
    control: FileControl | null,
    { processKey }: TaskInfo,
    { seq, files }: Sample,
  ): TracedFiles {
    if (processKey !== this.#processKey) {
      this.#processKey = processKey;
      this.#seq = NaN;
      this.#totals = null;
    }
    if (seq !== this.#seq && files !== null) {
      this.#totals ??= new FileTotals(identify);
      this.#totals.add(files.filter((file) => file.processKey === processKey));
    }
    this.#seq = seq;
    return {
      ranked: this.#totals && this.#totals.rank(MOST_FILES),
      problem: control === null ? null : control.want(),
    };
  }
}
