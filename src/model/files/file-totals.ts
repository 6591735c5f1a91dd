/** Sums over files, of one sample or of many, and what a table shows of them. */
import type { FileDelta } from "./file-delta.ts";
import { addFiles } from "../merge/merge-files.ts";
import type { Unknown } from "../sample.ts";
import { fileWeight } from "./file-weight.ts";

/** Beyond that the least of them go together, so that a long run takes no more and more memory. */
const MOST_ROWS = 20_000;

/** The files with the most, and what the others had. */
export interface RankedFiles {
  readonly top: readonly FileDelta[];
  /** How many more files there were, and what they had together. */
  readonly others: { readonly files: number; readonly sum: FileDelta } | null;
}

/** Adds up files of many samples, in bounded memory, and ranks them. */
export class FileTotals {
  readonly #identify: (row: FileDelta) => string;
  #sums = new Map<string, FileDelta>();
  #others: RankedFiles["others"] = null;

  /** @param identify what is the same in rows that are added up */
  constructor(identify: (row: FileDelta) => string) {
    this.#identify = identify;
  }

  add(rows: readonly FileDelta[]): void {
    addFiles(this.#sums, rows, this.#identify);
    if (this.#sums.size <= MOST_ROWS) return;
    const { top, others } = this.rank(MOST_ROWS / 2);
    this.#sums = new Map(top.map((row) => [this.#identify(row), row]));
    this.#others = others;
  }

  /** The heaviest first. */
  rank(most: number): RankedFiles {
    const sorted = [...this.#sums.values()].sort(
      (a, b) => fileWeight(b) - fileWeight(a),
    );
    const before = this.#others;
    const rest = sorted.slice(most);
    const sums = new Map<string, FileDelta>();
    addFiles(sums, before === null ? rest : [before.sum, ...rest], () => "");
    const sum = sums.get("");
    const files = rest.length + (before?.files ?? 0);
    return {
      top: sorted.slice(0, most),
      others: sum === undefined ? null : { files, sum },
    };
  }
}

/** Path of a file, or in parentheses what is known instead. May hold any character. */
export function fileLabel({ kind, path, inode, direct }: FileDelta): string {
  const name = path ?? NAMELESS[kind](inode);
  return direct ? `${name} (direct)` : name;
}

const NAMELESS = {
  file: (inode: number | Unknown) =>
    inode === null ? "(other files)" : `(inode ${inode})`,
  device: () => "(metadata of the file system)",
  "no-file": () => "(no file)",
  "not-attributed": () => "(not attributed)",
} as const satisfies Record<FileDelta["kind"], unknown>;

/**
 * Whether a table shows the row. Where files are ahead of the counters of tasks, nothing is missing: the next sample has
 * it the other way round.
 */
export const isShownFile = (row: FileDelta): boolean =>
  row.kind !== "not-attributed" ||
  (row.readBytes ?? 0) > 0 ||
  (row.writeBytes ?? 0) > 0;
