/** Groups of tasks as rows of a table: what all processes of a name, user, unit or container do together. */
import { shortContainerId } from "./container-ids.ts";
import {
  addInto,
  addLifetimes,
  grossBytes,
  isIdle,
  longest,
  unknownDelta,
  zeroDelta,
} from "../delta.ts";
import { ManyRow, madeUpTask } from "../tasks/ended.ts";
import { UNKNOWN } from "../text/format.ts";
import { groupName, type GroupKind } from "./group-name.ts";
import { addTo } from "./groups.ts";
import type { MutableIoDelta } from "../delta.ts";
import type {
  IoDelta,
  Sample,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "../sample.ts";

const KEY_PREFIX = "group.";
/** Stands for tasks whose group is not known. */
const NAMELESS = UNKNOWN;
const NOTHING: IoDelta = Object.freeze(zeroDelta());
/** Programs can give themselves any name: beyond so many, those that moved least are one row. */
const MAX_GROUPS = 2000;
const KEPT_GROUPS = 1000;

/** Key of the row of a group of tasks. No task has such a key, because keys of tasks begin with a number. */
export function groupKey(kind: GroupKind, name: string): string {
  return `${KEY_PREFIX}${kind}.${name}`;
}

/** Key of the row of a task's group. */
export function groupKeyOf(task: TaskInfo, kind: GroupKind): string {
  return groupKey(kind, groupOf(task, kind));
}

/** Whether a key is that of a group of tasks. */
export function isGroupKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX);
}

/** The group of a task; "?" if it is not known. */
export function groupOf(task: TaskInfo, kind: GroupKind): string {
  return groupName(task, kind) ?? NAMELESS;
}

/** What groups have done since watching began. */
export interface GroupSince {
  readonly names: Iterable<string>;
  /** Undefined if the group has not done anything. */
  sinceOf(name: string): IoDelta | undefined;
}

/**
 * One row for each group, also for idle ones, with the sums of its processes, ended ones included.
 *
 * @param rows of processes
 * @param sums what groups have done since watching began, those too that have no process any more; by default, what the
 * rows have
 * @param rest what no row is about: it is of no known group
 * @param ended rows of tasks that ended before: what they have done counts, where it is the rows' that counts
 */
export function groupRows(
  rows: Iterable<TaskDelta>,
  kind: GroupKind,
  sums: GroupSince | null = null,
  rest: IoDelta = NOTHING,
  ended: Iterable<TaskDelta> = [],
): readonly TaskDelta[] {
  const groups = new Map<string, Group>();
  const groupAt = (name: string): Group => {
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = newGroup()));
    return group;
  };
  for (const row of rows) addRow(groupAt(groupOf(row.task, kind)), row);
  for (const { task, since } of ended)
    addInto(groupAt(groupOf(task, kind)).since, since);
  for (const name of sums?.names ?? []) groupAt(name);
  if (!isIdle(rest)) addInto(groupAt(NAMELESS).io, rest);
  return [...groups].map(([name, group]) =>
    rowOf(kind, name, {
      ...group,
      since: sums === null ? group.since : (sums.sinceOf(name) ?? NOTHING),
    }),
  );
}

interface Group {
  readonly io: MutableIoDelta;
  readonly since: MutableIoDelta;
  lifetime: TaskDelta["lifetime"];
  elapsedNs: number;
  blockedNs: number | Unknown;
  threads: number;
  processes: number;
}

const newGroup = (): Group => ({
  io: unknownDelta(),
  since: unknownDelta(),
  lifetime: null,
  elapsedNs: 0,
  blockedNs: null,
  threads: 0,
  processes: 0,
});

function addRow(group: Group, row: TaskDelta): void {
  addInto(group.io, row);
  addInto(group.since, row.since);
  group.lifetime = addLifetimes(group.lifetime, row.lifetime);
  // The elapsed time of an idle row has no meaning.
  if (!isIdle(row)) group.elapsedNs = Math.max(group.elapsedNs, row.elapsedNs);
  group.blockedNs = longest(group.blockedNs, row.blockedNs);
  group.threads += row.count;
  group.processes++;
}

function rowOf(
  kind: GroupKind,
  name: string,
  group: Omit<Group, "since"> & { readonly since: IoDelta },
): TaskDelta {
  const { io, since, lifetime, elapsedNs, blockedNs } = group;
  return new ManyRow({
    ...{ io, since, lifetime, elapsedNs, blockedNs },
    task: taskOf(kind, name),
    count: group.threads,
    born: false,
    exit: null,
    taskCount: group.processes,
  });
}

/** Says the name of the group, and nothing else. */
function taskOf(kind: GroupKind, name: string): TaskInfo {
  const task = madeUpTask(groupKey(kind, name), shortContainerId(name));
  return kind === "user" ? { ...task, user: name } : task;
}

/** What counts of a sample. */
export interface GroupPart {
  readonly processes: Sample["processes"];
  /** What no row is about: it is of no known group. */
  readonly unlisted?: Sample["unlisted"] | undefined;
  /** Whose groups a row counts for; by default those of its own task. */
  readonly taskOf?: (row: TaskDelta) => TaskInfo;
}

/** What groups have done since watching began, ended tasks included. */
export class GroupTally implements GroupSince {
  readonly #kind: GroupKind;
  readonly #since = new Map<string, MutableIoDelta>();

  constructor(kind: GroupKind) {
    this.#kind = kind;
  }

  /** Takes the samples in order, each once. */
  add({ processes, unlisted, taskOf = ({ task }) => task }: GroupPart): void {
    for (const row of processes)
      if (!isIdle(row))
        addTo(this.#since, groupOf(taskOf(row), this.#kind), row);
    if (unlisted && !isIdle(unlisted.io))
      addTo(this.#since, NAMELESS, unlisted.io);
    if (this.#since.size > MAX_GROUPS) this.#fold();
  }

  /** Counts what rows have done since watching began, as if it had taken the samples until then. */
  addSince(rows: Iterable<TaskDelta>): void {
    for (const { task, since } of rows)
      if (!isIdle(since)) addTo(this.#since, groupOf(task, this.#kind), since);
  }

  sinceOf(name: string): IoDelta | undefined {
    return this.#since.get(name);
  }

  get names(): Iterable<string> {
    return this.#since.keys();
  }

  #fold(): void {
    const small = [...this.#since]
      .sort(([, a], [, b]) => grossBytes(b) - grossBytes(a))
      .slice(KEPT_GROUPS);
    for (const [name, io] of small) {
      this.#since.delete(name);
      addTo(this.#since, NAMELESS, io);
    }
  }
}
