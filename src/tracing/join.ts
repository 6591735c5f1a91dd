/** Rows of files and the sample that they belong to: whose they are, and what of it is in no file. Pure. */
import type { FileDelta } from "../model/files/file-delta.ts";
import { mergeFiles } from "../model/merge/merge-files.ts";
import type { Sample, TaskDelta, TaskInfo } from "../model/sample.ts";
import { dropOldest } from "./drop-oldest.ts";
import type { FileRow, Process } from "./file-row.ts";

/** As many processes that ended are remembered: what they have dirtied may be written later. */
const MOST_REMEMBERED = 16_384;

type Known = Pick<TaskInfo, "processKey" | "comm">;

const NO_FILE = {
  ...{ device: null, inode: null, path: null, direct: false },
  ...{ toDiskBytes: null, movedBytes: null },
} as const;

export class FileJoin {
  /** The same objects that the rows have. */
  readonly #known = new Map<Process, Known>();
  /**
   * Of processes that the sample does not have: they began after its tasks were read. The next one has them, with all
   * that they did.
   */
  #early: FileRow[] = [];

  join(sample: Sample, rows: readonly FileRow[]): readonly FileDelta[] {
    const { processes } = sample;
    const byPid = Map.groupBy(processes, ({ task }) => task.pid);
    const epochMs = sample.timeMs - sample.uptimeS * 1e3;
    const read = new Map<string, number>();
    const written = new Map<string, number>();
    const early = this.#early;
    this.#early = [];
    const files: FileDelta[] = [];
    for (const row of [...early, ...rows]) {
      const { process, ...about } = row;
      const known =
        process === null ? null : this.#knownOf(process, byPid, epochMs);
      if (known !== null) {
        add(read, known.processKey, row.readBytes);
        add(written, known.processKey, row.writeBytes);
      } else if (process !== null && process.pid > 0 && !early.includes(row)) {
        this.#early.push(row);
        continue;
      }
      files.push({
        pid: process === null ? null : process.pid,
        processKey: known === null ? null : known.processKey,
        comm: known === null ? null : known.comm,
        ...about,
        movedBytes: null,
      });
    }
    dropOldest(this.#known, MOST_REMEMBERED);
    return [
      ...mergeFiles(files, [])!,
      ...processes.flatMap((row) => {
        const { processKey } = row.task;
        const readBytes = less(row.readBytes, read.get(processKey));
        const writeBytes = less(row.writeBytes, written.get(processKey));
        return readBytes || writeBytes
          ? [notAttributed(row, readBytes, writeBytes)]
          : [];
      }),
    ];
  }

  #knownOf(
    process: Process,
    byPid: ReadonlyMap<number, readonly TaskDelta[]>,
    epochMs: number,
  ): Known | null {
    const rows = byPid.get(process.pid) ?? [];
    const before = this.#known.get(process);
    const row =
      before === undefined
        ? nearestTo(rows, epochMs + process.startNs / 1e6)
        : rows.find(({ task }) => task.processKey === before.processKey);
    if (row === undefined) return before ?? null;
    // It may run another program than before.
    const { processKey, comm } = row.task;
    const known = { processKey, comm };
    this.#known.set(process, known);
    return known;
  }
}

/** A pid may have been used more than once in the interval. */
function nearestTo(
  rows: readonly TaskDelta[],
  startMs: number,
): TaskDelta | undefined {
  const distanceOf = ({ task }: TaskDelta) => Math.abs(task.startMs - startMs);
  return rows.toSorted((a, b) => distanceOf(a) - distanceOf(b))[0];
}

function notAttributed(
  { task }: TaskDelta,
  readBytes: number | null,
  writeBytes: number | null,
): FileDelta {
  const { pid, processKey, comm } = task;
  return {
    ...{ pid, processKey, comm, kind: "not-attributed", ...NO_FILE },
    ...{ readBytes, writeBytes },
  };
}

const add = (sums: Map<string, number>, key: string, bytes: number): void =>
  void sums.set(key, (sums.get(key) ?? 0) + bytes);

/** Unknown stays unknown. */
const less = (whole: number | null, part = 0): number | null =>
  whole === null ? null : whole - part;
