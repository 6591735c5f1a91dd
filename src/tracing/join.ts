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
   * What processes did after the tasks of the sample were read, for all that is known: it does not have them, or they had
   * done nothing by then, maybe as another program. The next one has them, with all that they did.
   */
  #early: FileRow[] = [];

  join(sample: Sample, rows: readonly FileRow[]): readonly FileDelta[] {
    const { processes } = sample;
    const byPid = Map.groupBy(processes, ({ task }) => task.pid);
    const epochMs = sample.timeMs - sample.uptimeS * 1e3;
    const read = new Map<string, number>();
    const written = new Map<string, number>();
    const waited = new Set(this.#early);
    this.#early = [];
    const files: FileDelta[] = [];
    for (const row of [...waited, ...rows]) {
      const { process, ...about } = row;
      const now = process && this.#rowOf(process, byPid, epochMs);
      const known = process && this.#remember(process, now);
      const isEarly = now === null ? known === null : isAhead(row, now);
      if (isEarly && process !== null && process.pid > 0 && !waited.has(row)) {
        this.#early.push(row);
        continue;
      }
      if (known !== null) {
        add(read, known.processKey, row.readBytes);
        add(written, known.processKey, row.writeBytes);
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

  /** Null if the sample does not have it. */
  #rowOf(
    process: Process,
    byPid: ReadonlyMap<number, readonly TaskDelta[]>,
    epochMs: number,
  ): TaskDelta | null {
    const rows = byPid.get(process.pid) ?? [];
    const before = this.#known.get(process);
    const row =
      before === undefined
        ? nearestTo(rows, epochMs + process.startNs / 1e6)
        : rows.find(({ task }) => task.processKey === before.processKey);
    return row ?? null;
  }

  #remember(process: Process, now: TaskDelta | null): Known | null {
    if (now === null) return this.#known.get(process) ?? null;
    // It may run another program than before.
    const { processKey, comm } = now.task;
    const known = { processKey, comm };
    this.#known.set(process, known);
    return known;
  }
}

const isAhead = (row: FileRow, { readBytes, writeBytes }: TaskDelta): boolean =>
  (row.readBytes > 0 && readBytes === 0) ||
  (row.writeBytes > 0 && writeBytes === 0);

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
