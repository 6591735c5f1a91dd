/** What groups of each kind have done since watching began. */
import {
  GROUP_KINDS,
  GroupTally,
  remainderOf,
  type GroupKind,
  type GroupPart,
  type GroupSince,
  type TaskDelta,
  type TaskInfo,
} from "../../src/model/index.ts";

export class GroupSums {
  readonly #tallies: ReadonlyMap<GroupKind, GroupTally> = new Map(
    GROUP_KINDS.map((kind) => [kind, new GroupTally(kind)]),
  );

  /** @param rows what they have done since watching began counts, by the names that they have now */
  static of(rows: readonly TaskDelta[]): GroupSums {
    const sums = new GroupSums();
    for (const tally of sums.#tallies.values()) tally.addSince(rows);
    return sums;
  }

  add(part: GroupPart): void {
    for (const tally of this.#tallies.values()) tally.add(part);
  }

  /** All but for what was done in later samples. */
  before(kind: GroupKind, later: Iterable<GroupPart>): GroupSince {
    const tally = this.#tallies.get(kind)!;
    const after = new GroupTally(kind);
    for (const part of later) after.add(part);
    return {
      names: tally.names,
      sinceOf(name) {
        const since = tally.sinceOf(name);
        const part = after.sinceOf(name);
        return since && part ? remainderOf(since, part) : since;
      },
    };
  }
}

/** By the key of each process: the task that it has its names from. */
export type NamingTasks = ReadonlyMap<string, TaskInfo>;

/** Of processes of several threads: that task may have done nothing, so that no row of it is kept with the sample. */
export function namingTasks(processes: readonly TaskDelta[]): NamingTasks {
  const many = processes.filter(({ count }) => count > 1);
  return new Map(many.map(({ task }) => [task.processKey, task]));
}
