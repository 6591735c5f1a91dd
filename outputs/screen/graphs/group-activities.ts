/**
 * What groups of every kind did in one sample. It is worked out only when somebody asks, because the list is seldom
 * grouped; until then the processes are kept, those that have ended as bytes.
 */
import {
  GROUP_KINDS,
  groupKeyOf,
  packTasks,
  unpackTasks,
  type PackedTasks,
  type TaskDelta,
} from "../../../src/model/index.ts";
import {
  Activities,
  ActivityColumns,
  accumulate,
  type Activity,
} from "./activities.ts";

export class GroupActivities {
  #source: { readonly tasks: PackedTasks; readonly amounts: ActivityColumns };
  #all: Activities | null = null;

  /** @param amounts of each of these processes */
  constructor(processes: readonly TaskDelta[], amounts: readonly Activity[]) {
    this.#source = {
      tasks: packTasks(processes),
      amounts: new ActivityColumns(amounts),
    };
  }

  /** By the key of the group. */
  get all(): Activities {
    return (this.#all ??= this.#sum());
  }

  #sum(): Activities {
    const { tasks, amounts } = this.#source;
    const groups = new Map<string, Activity>();
    unpackTasks(tasks).forEach((task, at) => {
      const activity = amounts.at(at);
      for (const kind of GROUP_KINDS)
        accumulate(groups, groupKeyOf(task, kind), activity);
    });
    return new Activities(groups);
  }
}
