/** The rows of a table of groups. */
import { ManyRow } from "../tasks/ended.ts";
import { groupDisks } from "./group-disks.ts";
import type { GroupKind } from "./group-name.ts";
import {
  GroupTally,
  groupKey,
  groupRows,
  type GroupSince,
} from "./group-rows.ts";
import type { Sample, TaskDelta } from "../sample.ts";
import { coversWatch, rowsOf, sumsModeOf } from "../sums/sums.ts";
import { isActive } from "../view/activity.ts";
import { selectsAll, watchedRows, type View } from "../view/view.ts";

/** What a table of groups is made of. */
export interface GroupListInit {
  readonly view: View;
  readonly kind: GroupKind;
  /** How long sums and means go back, ns. */
  readonly watchedNs: number;
  /** What groups have done since watching began, those too that are gone; null: what their processes in the sample have. */
  readonly past: GroupSince | null;
  /** Rows of tasks that ended in earlier samples, which have their part in sums of rows; by default none. */
  readonly ended?: readonly TaskDelta[];
}

/**
 * One row for each group of the tasks that a view selects. They add up to what these did; without `-p`, `-u` and a filter,
 * to the totals. Unsorted.
 */
export function listGroups(
  sample: Sample,
  { view, kind, watchedNs, past, ended = [] }: GroupListInit,
): readonly TaskDelta[] {
  // Groups that did nothing are not looked for: it would take a file of each process.
  const rows = watchedRows(sample, { ...view, processes: true }).filter(
    (row) => !view.only || isActive(row, coversWatch(view)),
  );
  const isOfWatch = coversWatch(view) && !view.lifetime;
  const made = groupRows(
    rows,
    kind,
    isOfWatch ? past : null,
    selectsAll(view) ? sample.unlisted.io : undefined,
    isOfWatch ? ended : [],
  ).map(rowsOf(sumsModeOf(view), watchedNs));
  attachDisks(made, kind, sample);
  return view.only
    ? made.filter((row) => isActive(row, view.accumulated))
    : made;
}

function attachDisks(
  rows: readonly TaskDelta[],
  kind: GroupKind,
  { cgroups }: Sample,
): void {
  if (cgroups === null) return;
  const disks = groupDisks(cgroups, kind);
  const byKey = new Map(
    [...disks].map(([name, disk]) => [groupKey(kind, name), disk]),
  );
  for (const row of rows)
    if (row instanceof ManyRow) row.disk = byKey.get(row.task.key) ?? null;
}

/** The rows of groups, sample by sample, for tables that are printed. */
export class GroupLister {
  readonly #view: View;
  readonly #kind: GroupKind;
  readonly #past: GroupTally;
  #watchedNs = 0;

  constructor(view: View, kind: GroupKind) {
    this.#view = view;
    this.#kind = kind;
    this.#past = new GroupTally(kind);
  }

  /** Takes the samples in order, each once. */
  list(sample: Sample): readonly TaskDelta[] {
    const [view, kind] = [this.#view, this.#kind];
    this.#watchedNs += sample.intervalNs;
    if (coversWatch(view)) {
      const processes = watchedRows(sample, { ...view, processes: true });
      const unlisted = selectsAll(view) ? sample.unlisted : undefined;
      this.#past.add({ processes, unlisted });
    }
    const watchedNs = this.#watchedNs;
    return listGroups(sample, { view, kind, watchedNs, past: this.#past });
  }
}
