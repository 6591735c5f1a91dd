/** The name under which a task counts in metrics and reports. */
import { containerOf, unitOf } from "./cgroup-names.ts";
import type { TaskInfo, Unknown } from "../sample.ts";
import type { ScreenSettings } from "../options/screen-settings.ts";

/** The ways to group tasks: by process name, user, cgroup, unit of systemd or container. */
export const GROUP_KINDS = Object.freeze([
  "comm",
  "user",
  "cgroup",
  "unit",
  "container",
] as const);
/** One of `GROUP_KINDS`. */
export type GroupKind = (typeof GROUP_KINDS)[number];

/** What `--by` asks for; null: tasks are not grouped. */
export function groupKindOf(
  groupBy: ScreenSettings["groupBy"],
): GroupKind | null {
  if (groupBy === "off") return null;
  return groupBy === "command" ? "comm" : groupBy;
}

/**
 * Name of a task's group; null if unknown (the cgroup of a task that exited early). Instances of one kernel thread share
 * a name. The id of a container is whole; `shortenContainerIds` makes it short. "-" is outside of units or containers.
 */
export function groupName(task: TaskInfo, kind: GroupKind): string | Unknown {
  switch (kind) {
    case "comm":
      return task.isKernelThread ? withoutInstance(task.comm) : task.comm;
    case "user":
      return task.user;
    case "cgroup":
      return task.cgroup;
    case "unit":
      return task.cgroup === null ? null : unitOf(task.cgroup);
    case "container":
      return task.cgroup === null ? null : containerOf(task.cgroup);
  }
}

/** "kworker/u8:2-events" is kworker, "jbd2/vda1-8" jbd2, "kswapd0" kswapd, "scsi_eh_0" scsi_eh. */
export function withoutInstance(comm: string): string {
  const cut = comm.search(/[/:]/);
  const name = cut < 0 ? comm.replace(/_?[0-9]+$/, "") : comm.slice(0, cut);
  return name === "" ? comm : name;
}
