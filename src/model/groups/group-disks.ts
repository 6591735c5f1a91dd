/** What the kernel counted for groups that are made of cgroups. */
import { NO_GROUP, containerOf, unitOf } from "./cgroup-names.ts";
import type { CgroupDelta, GroupDisk } from "./cgroup-delta.ts";
import { addKnown } from "../delta.ts";
import type { GroupKind } from "./group-name.ts";

const NAMES: Partial<Record<GroupKind, (cgroup: string) => string>> = {
  cgroup: (path) => path,
  unit: unitOf,
  container: containerOf,
};

/** Whether groups of a kind are made of cgroups. */
export const isOfCgroups = (kind: GroupKind | null): boolean =>
  kind !== null && NAMES[kind] !== undefined;

/**
 * What the kernel counted for each group, by its name. A cgroup counts what those below it do, too. So what is taken of
 * a group is its topmost cgroup, or cgroups, as units of two users may have one name; what is in no unit or container is
 * beside those, and unknown.
 */
export function groupDisks(
  cgroups: readonly CgroupDelta[],
  kind: GroupKind,
): ReadonlyMap<string, GroupDisk> {
  const disks = new Map<string, GroupDisk>();
  const nameOf = NAMES[kind];
  if (nameOf === undefined) return disks;
  for (const cgroup of cgroups) {
    const name = nameOf(cgroup.path);
    const above = cgroup.path.slice(0, cgroup.path.lastIndexOf("/")) || "/";
    if (name === NO_GROUP || nameOf(above) === name) continue;
    const other = disks.get(name);
    disks.set(name, other === undefined ? cgroup : addDisks(other, cgroup));
  }
  return disks;
}

function addDisks(a: GroupDisk, b: GroupDisk): GroupDisk {
  return {
    fromDiskBytes: addKnown(a.fromDiskBytes, b.fromDiskBytes),
    toDiskBytes: addKnown(a.toDiskBytes, b.toDiskBytes),
    elapsedNs: Math.max(a.elapsedNs, b.elapsedNs),
  };
}
