/** Looks at one task while its details are open: once a sample, and at no other one. */
import {
  isActive,
  isGroupKey,
  type OutputContext,
  type Sample,
  type TaskControl,
  type TaskDelta,
  type TaskDetails,
} from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";
import type { List } from "../table/list.ts";
import { findSelected } from "../table/selected-row.ts";
import { TracedFilesWatch, type TracedFiles } from "./traced-files.ts";

/** What is known of a task besides its row. */
export interface Inspected extends Looked {
  /** Time between samples, as it is asked for, ms. */
  readonly intervalMs: number;
  /** Nobody can look at a task of a recording. */
  readonly isRecorded: boolean;
  /** Null unless they were asked for. */
  readonly traced: TracedFiles | null;
}

/** The sample on the screen. */
interface Watched {
  readonly sample: Sample;
  readonly list: Pick<List, "rows" | "branches">;
}

interface Looked {
  /** Key of the task. */
  readonly key: string;
  /** As it was last seen; null if it never was. */
  readonly details: TaskDetails | null;
  /** One sample before that: what is between the two is of the interval. */
  readonly before: TaskDetails | null;
  /** Open files, by `fileKey`, whose position has moved while we looked. */
  readonly moved: ReadonlySet<string>;
  readonly hasEnded: boolean;
}

export const fileKey = (file: {
  readonly fd: number;
  readonly path: string;
}): string => `${file.fd} ${file.path}`;

export class DetailsWatch {
  #seq = NaN;
  #asProcess = false;
  #inspected: Looked | null = null;
  readonly #traced = new TracedFilesWatch();

  /** A sample came. */
  take(sample: Sample): void {
    this.#traced.take(sample);
  }

  /** What is known so far is of another time. */
  restart(): void {
    this.#inspected = null;
    this.#traced.forget();
  }

  /** Null if the details are not open, or there is nobody to look at. */
  follow(
    { controls }: Pick<OutputContext, "controls">,
    { details, files, selected, view }: ScreenState,
    shown: Watched | null,
  ): Inspected | null {
    const isOpen = details !== null && shown !== null;
    const list = isOpen ? shown.list : null;
    const row =
      list?.rows[findSelected(list, selected, view.processes)] ?? undefined;
    const isTask = row !== undefined && !isGroupKey(row.task.key);
    if (!isOpen || list === null || !isTask) {
      this.restart();
      return null;
    }
    const { sample } = shown;
    const intervalMs =
      controls?.pace?.intervalMs ?? Math.round(sample.intervalNs / 1e6);
    // Below its process, a thread stands for itself.
    const processes = view.processes && !list.branches.has(row);
    const tasks = controls?.tasks ?? null;
    const control = controls?.files ?? null;
    if (!files) this.#traced.forget();
    return {
      ...this.#look(tasks, sample, row, processes),
      intervalMs,
      isRecorded: tasks === null,
      traced: files ? this.#traced.follow(control, row.task, sample) : null,
    };
  }

  #look(
    tasks: TaskControl | null,
    sample: Sample,
    row: TaskDelta,
    asProcess: boolean,
  ): Looked {
    const { key } = row.task;
    const last = this.#inspected;
    const isSame = last?.key === key && this.#asProcess === asProcess;
    if (isSame && sample.seq === this.#seq) return last;
    const known = isSame ? last : null;
    this.#seq = sample.seq;
    this.#asProcess = asProcess;
    const isOver = known?.hasEnded === true || row.exit !== null;
    const seen = { task: row.task, uptimeS: sample.uptimeS };
    const now =
      tasks === null || isOver
        ? null
        : tasks.inspect(seen, asProcess, activeTids(sample, row));
    this.#inspected = {
      key,
      details: now ?? known?.details ?? null,
      before: now === null ? null : (known?.details ?? null),
      moved: movedFiles(known, now),
      hasEnded: isOver || (tasks !== null && now === null),
    };
    return this.#inspected;
  }
}

function activeTids({ threads }: Sample, { task }: TaskDelta): number[] {
  return threads
    .filter(
      (row) =>
        row.task.processKey === task.processKey &&
        row.exit === null &&
        isActive(row),
    )
    .map((row) => row.task.tid);
}

function movedFiles(
  known: Looked | null,
  now: TaskDetails | null,
): ReadonlySet<string> {
  const before = known?.details?.files ?? null;
  const files = now?.files ?? null;
  if (known === null || before === null || files === null)
    return known?.moved ?? NONE;
  const positions = new Map(
    before.map((file) => [fileKey(file), file.position]),
  );
  const moved = files
    .filter((file) => {
      const position = positions.get(fileKey(file));
      return position !== undefined && position !== file.position;
    })
    .map(fileKey);
  const isNews = moved.some((key) => !known.moved.has(key));
  return isNews ? new Set([...known.moved, ...moved]) : known.moved;
}

const NONE: ReadonlySet<string> = new Set();
