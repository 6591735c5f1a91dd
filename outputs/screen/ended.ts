/** Tasks that ended in the interval: a shell loop makes hundreds of them, which would push everything else away. */
import { Row, addInto, unknownDelta } from "../../src/model/delta.ts";
import type { TaskDelta, TaskInfo } from "../../src/model/sample.ts";

export const ENDED_MODES = ["grouped", "each", "hidden"] as const;
export type EndedMode = (typeof ENDED_MODES)[number];

export interface Grouped {
  readonly rows: readonly TaskDelta[];
  /** How many ended tasks a row stands for, where it is more than one. */
  readonly endedCounts: ReadonlyMap<TaskDelta, number>;
}

const KEY_PREFIX = "ended.";

/** Stands in for the key of a task; no task has it, as theirs begin with a number. */
export function groupKey({ uid, comm }: TaskInfo): string {
  return `${KEY_PREFIX}${uid}.${comm}`;
}

export function isGroupKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX);
}

/** One row for all ended tasks that have name and user in common. No figure is lost: it is their sum. */
export function groupEnded(rows: readonly TaskDelta[]): Grouped {
  const alive: TaskDelta[] = [];
  const groups = new Map<string, TaskDelta[]>();
  for (const row of rows) {
    if (row.exit === null) {
      alive.push(row);
      continue;
    }
    const key = groupKey(row.task);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  if (groups.size === 0) return { rows, endedCounts: new Map() };
  const endedCounts = new Map<TaskDelta, number>();
  for (const [key, group] of groups) {
    const row = group.length === 1 ? group[0]! : sumEnded(key, group);
    alive.push(row);
    if (group.length > 1) endedCounts.set(row, group.length);
  }
  return { rows: alive, endedCounts };
}

function sumEnded(key: string, group: readonly TaskDelta[]): TaskDelta {
  const io = unknownDelta();
  const since = unknownDelta();
  let elapsedNs = 0;
  let count = 0;
  for (const row of group) {
    addInto(io, row);
    addInto(since, row.since);
    elapsedNs = Math.max(elapsedNs, row.elapsedNs);
    count += row.count;
  }
  const { task, exit } = group[0]!;
  return new Row({
    task: groupTask(key, task),
    io,
    elapsedNs,
    since,
    count,
    born: group.every(({ born }) => born),
    exit,
  });
}

/** What the tasks have in common; nothing is looked up for the dead. */
function groupTask(key: string, first: TaskInfo): TaskInfo {
  const { tid, pid, ppid, startMs, comm, uid, isKernelThread } = first;
  return {
    key,
    tid,
    pid,
    ppid,
    startMs,
    comm,
    uid,
    isKernelThread,
    get user() {
      return first.user;
    },
    cmdline: null,
    longName: null,
    ioPriority: null,
    cgroup: null,
  };
}
