/**
 * What can be had without programs in the kernel: how far the positions of open files move. It is not bytes: cached reads
 * move them too, a seek moves them though nothing was read, and pread, pwrite and mapped files move none.
 */
import { readOpenFiles, type OpenFilesReading } from "../kernel/open-files.ts";
import { grossBytes } from "../model/delta.ts";
import type { FileDelta } from "../model/files/file-delta.ts";
import type { Sample, TaskDelta } from "../model/sample.ts";
import { isActive } from "../model/view/activity.ts";

/** Of a sample, those that did most; each open file costs some 20 µs. */
const MOST_PROCESSES = 32;

/** By descriptor and path: where it was. */
type Places = ReadonlyMap<string, number>;

export class Positions {
  readonly #read: (pid: number) => OpenFilesReading | null;
  /** By process, as of the sample before. */
  #before = new Map<string, Places>();

  constructor(
    read = (pid: number): OpenFilesReading | null =>
      readOpenFiles(`/proc/${pid}`),
  ) {
    this.#read = read;
  }

  /** A file counts from the second time that its process is looked at. */
  take({ processes }: Sample): readonly FileDelta[] {
    const now = new Map<string, Places>();
    const files: FileDelta[] = [];
    const known = this.#before;
    const active = processes
      .filter(
        (row) =>
          row.exit === null &&
          (isActive(row) || known.has(row.task.processKey)),
      )
      .sort((a, b) => grossBytes(b) - grossBytes(a))
      .slice(0, MOST_PROCESSES);
    for (const row of active) {
      const { processKey, pid } = row.task;
      const places = placesOf(this.#read(pid));
      now.set(processKey, places);
      const before = known.get(processKey);
      if (before !== undefined) files.push(...movedFiles(row, before, places));
    }
    this.#before = now;
    return files;
  }
}

function placesOf(reading: OpenFilesReading | null): Places {
  const places = new Map<string, number>();
  for (const { fd, path, position, size } of reading?.files ?? [])
    // What has a size is a regular file.
    if (position !== null && size !== null)
      places.set(`${fd} ${path}`, position);
  return places;
}

function movedFiles(
  { task }: TaskDelta,
  before: Places,
  now: Places,
): readonly FileDelta[] {
  const moved = new Map<string, number>();
  for (const [key, position] of now) {
    const bytes = Math.abs(position - (before.get(key) ?? position));
    const path = key.slice(key.indexOf(" ") + 1);
    if (bytes > 0) moved.set(path, (moved.get(path) ?? 0) + bytes);
  }
  const { pid, processKey, comm } = task;
  return [...moved].map(([path, movedBytes]) => ({
    ...{ pid, processKey, comm, kind: "file", device: null, inode: null, path },
    ...{ direct: false, readBytes: null, writeBytes: null, toDiskBytes: null },
    movedBytes,
  }));
}
