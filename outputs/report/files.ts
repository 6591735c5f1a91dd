/** The files of the report: those with the most, whoever of one name used them. */
import {
  FileTotals,
  fileIdentity,
  toFileRecord,
  watchedFiles,
  type FileDelta,
  type RankedFiles,
  type Sample,
  type View,
} from "../../src/model/index.ts";

/** Programs of one name share a row. */
const identify = (row: FileDelta) => `${row.comm}\0${fileIdentity(row)}`;

export class ReportFiles {
  #totals: FileTotals | null = null;

  add(sample: Sample, view: View): void {
    const files = watchedFiles(sample, view);
    if (files !== null) (this.#totals ??= new FileTotals(identify)).add(files);
  }

  /** Null if files were not asked for. */
  rank(rows: number): RankedFiles | null {
    return this.#totals?.rank(rows) ?? null;
  }
}

/** For programs: without ids, as several processes of one name have one row. */
export const fileRecords = ({ top }: RankedFiles): readonly object[] =>
  top.map((file) => {
    const { pid: _, process_key: __, ...record } = toFileRecord(file);
    return record;
  });
