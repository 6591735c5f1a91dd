/** Which files are read and written on the whole machine, while `F` shows them. */
import {
  addFiles,
  coversWatch,
  fileIdentity,
  fileWeight,
  isShownFile,
  selectsAll,
  watchedFiles,
  type FileControl,
  type FileDelta,
  type Sample,
  type View,
} from "../../../src/model/index.ts";
import { shareLeft } from "../graphs/standing.ts";

/** More than anybody scrolls through. */
const MOST_SHOWN = 64;
/** Beyond that, those that did least lately go together, so that hours take no more memory than minutes. */
const MOST_FILES = 4096;

/** One file, whoever used it. */
export interface BusyFile {
  /** Bytes, and of who had most of them, when the file was used last, id and name. */
  readonly file: FileDelta;
  /** How many processes used it then. */
  readonly users: number;
}

export interface BusyFiles {
  /** Those with the most first; null until the first sample that has files. */
  readonly top: readonly BusyFile[] | null;
  /** How many others there are, and what they had together. */
  readonly others: {
    readonly files: number;
    readonly sum: FileDelta | null;
  };
  /**
   * Whether amounts are sums since `sinceMs`; else they are those of the interval, and files are in the order of what
   * they did lately.
   */
  readonly areSums: boolean;
  readonly sinceMs: number;
  readonly intervalNs: number;
  /** Whether those of listed tasks alone are among them. */
  readonly isFiltered: boolean;
  /** Nobody can ask for files of a recording: it has them, or not. */
  readonly isRecorded: boolean;
  /** What cannot be seen and why; null if nothing is known to be missing. */
  readonly problem: string | null;
}

type Ranked = Omit<BusyFiles, "isRecorded" | "problem">;

interface Entry {
  sum: FileDelta;
  /** In the last sample; null if it was not used then. */
  now: FileDelta | null;
  users: number;
  /** Bytes of all samples so far, halved every five seconds. */
  lately: number;
}

export class BusyFilesWatch {
  readonly #entries = new Map<string, Entry>();
  #forgotten: BusyFiles["others"] = NO_OTHERS;
  /** Null while nobody looks. */
  #view: View | null = null;
  #seq = NaN;
  #sinceMs: number | null = null;
  #intervalNs = 0;
  #ranked: Ranked | null = null;

  /** A sample came. */
  take(sample: Sample): void {
    if (this.#view === null || sample.seq <= this.#seq) return;
    this.#seq = sample.seq;
    this.#intervalNs = sample.intervalNs;
    this.#ranked = null;
    const files = watchedFiles(sample, this.#view);
    if (files === null) return;
    this.#sinceMs ??= sample.timeMs - sample.intervalNs / 1e6;
    this.#add(files, shareLeft(sample));
    if (this.#entries.size > MOST_FILES) this.#forget();
  }

  /**
   * What is shown now. While an earlier sample is on the screen, that does not change.
   *
   * @param control null with a recording, which may have files all the same
   * @param view null: nobody looks any more
   */
  follow(
    control: FileControl | null,
    view: View | null,
    sample: Sample,
  ): BusyFiles | null {
    if (view === null) {
      this.restart();
      return null;
    }
    const isOther =
      this.#view === null || selects(view) !== selects(this.#view);
    if (isOther) this.restart();
    if (view !== this.#view) this.#ranked = null;
    this.#view = view;
    if (isOther) this.take(sample);
    const problem = control === null ? null : control.want();
    this.#ranked ??= this.#rank(view);
    return { ...this.#ranked, isRecorded: control === null, problem };
  }

  restart(): void {
    this.#entries.clear();
    this.#forgotten = NO_OTHERS;
    this.#view = this.#sinceMs = this.#ranked = null;
    this.#seq = NaN;
  }

  #add(files: readonly FileDelta[], share: number): void {
    for (const entry of this.#entries.values()) {
      entry.now = null;
      entry.lately *= share;
    }
    for (const [id, rows] of Map.groupBy(files, fileIdentity)) {
      const { pid, processKey, comm } = userOf(rows);
      const now = { ...sumOf(rows)!, pid, processKey, comm };
      const before = this.#entries.get(id);
      this.#entries.set(id, {
        sum: before === undefined ? now : sumOf([before.sum, now])!,
        now,
        users: rows.length,
        lately: (before?.lately ?? 0) + fileWeight(now),
      });
    }
  }

  #forget(): void {
    const least = [...this.#entries]
      .sort(([, a], [, b]) => b.lately - a.lately)
      .slice(MOST_FILES / 2);
    for (const [id] of least) this.#entries.delete(id);
    const { files, sum } = this.#forgotten;
    const sums = least.map(([, entry]) => entry.sum);
    this.#forgotten = {
      files: files + least.length,
      sum: sumOf(sum === null ? sums : [sum, ...sums]),
    };
  }

  #rank(view: View): Ranked {
    const areSums = coversWatch(view);
    const fileOf = ({ sum, now }: Entry): FileDelta =>
      areSums ? sum : (now ?? { ...sum, ...atRest(sum) });
    const orderOf = ({ sum, lately }: Entry): number =>
      areSums ? fileWeight(sum) : lately;
    const all = [...this.#entries.values()]
      .filter((entry) => isShownFile(fileOf(entry)) && orderOf(entry) >= 1)
      .sort((a, b) => orderOf(b) - orderOf(a));
    const rest = all.slice(MOST_SHOWN).map(fileOf);
    const forgotten = this.#forgotten;
    const sums =
      areSums && forgotten.sum !== null ? [forgotten.sum, ...rest] : rest;
    return {
      top:
        this.#sinceMs === null
          ? null
          : all
              .slice(0, MOST_SHOWN)
              .map((entry) => ({ file: fileOf(entry), users: entry.users })),
      others: {
        files: rest.length + (areSums ? forgotten.files : 0),
        sum: sumOf(sums),
      },
      areSums,
      sinceMs: this.#sinceMs ?? 0,
      intervalNs: this.#intervalNs,
      isFiltered: !selectsAll(view),
    };
  }
}

/** Who did most with it, if that is known of anybody. */
function userOf(rows: readonly FileDelta[]): FileDelta {
  const known = rows.filter(({ comm }) => comm !== null);
  return (known.length === 0 ? rows : known).reduce((most, row) =>
    fileWeight(row) > fileWeight(most) ? row : most,
  );
}

const NO_OTHERS: BusyFiles["others"] = { files: 0, sum: null };

function sumOf(rows: readonly FileDelta[]): FileDelta | null {
  const sums = new Map<string, FileDelta>();
  addFiles(sums, rows, () => "");
  return sums.get("") ?? null;
}

/** What is known of it is 0. */
function atRest({
  readBytes,
  writeBytes,
  toDiskBytes,
  movedBytes,
}: FileDelta): Partial<FileDelta> {
  const zero = (bytes: number | null): 0 | null => (bytes === null ? null : 0);
  return {
    readBytes: zero(readBytes),
    writeBytes: zero(writeBytes),
    toDiskBytes: zero(toDiskBytes),
    movedBytes: zero(movedBytes),
  };
}

/** Which tasks a view selects. */
const selects = ({ pids, uids, users, names, filter }: View): string =>
  JSON.stringify([pids, uids, users, names, filter?.text]);
