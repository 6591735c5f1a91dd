/** What the path of a cgroup says: the unit of systemd, and the container, that a task belongs to. */

import { WHOLE_IDS, shortContainerId } from "./container-ids.ts";

/** LXC and systemd-nspawn use the container's name. */
const NAMED_CONTAINER =
  /\/(?:lxc(?:\.payload)?[./]|machine-)([^/]+?)(?:\.scope)?(?=\/|$)/g;
/** Types of systemd.unit(5) that hold processes, but for slices, which hold these. */
const UNIT = /^.+\.(?:service|scope|socket|mount|swap)$/;
/** Made for a login: the slice of the user says more. */
const SESSION = /^session-[^/]*\.scope$/;
/** Most tasks are in few cgroups; a machine that makes new ones all the time must not fill the memory. */
const MOST_PATHS = 1000;
/** Name of the group of tasks that are in no unit, or in no container. */
export const NO_GROUP = "-";

/** Many tasks share a path, and ask in each sample. */
function oncePerPath<T extends {}>(
  read: (cgroup: string) => T,
): (cgroup: string) => T {
  const known = new Map<string, T>();
  return (cgroup) => {
    let found = known.get(cgroup);
    if (found !== undefined) return found;
    found = read(cgroup);
    if (known.size >= MOST_PATHS) known.clear();
    known.set(cgroup, found);
    return found;
  };
}

/** The id or the name of the innermost container, the id whole; "-" outside of containers. */
export const containerOf = oncePerPath((cgroup) => {
  const ids = cgroup.match(WHOLE_IDS);
  if (ids !== null) return ids.at(-1)!;
  const names = [...cgroup.matchAll(NAMED_CONTAINER)];
  return names.at(-1)?.[1] ?? NO_GROUP;
});

/**
 * The last part of the path that is a unit, a slice without its ending; or the id of the container that it is made for.
 * Where systemd has made nothing of the path, its last part; "-" for the root.
 */
export const unitOf = oncePerPath((cgroup) => {
  const parts = cgroup.split("/").filter((part) => part !== "");
  for (const part of parts.toReversed()) {
    const id = part.match(WHOLE_IDS)?.at(-1);
    if (id !== undefined) return id;
    if (UNIT.test(part) && !SESSION.test(part)) return unescapeUnit(part);
    if (part.endsWith(".slice") && part !== ".slice")
      return unescapeUnit(part.slice(0, -".slice".length));
  }
  return parts.at(-1) ?? NO_GROUP;
});

/** "dev-disk\x2dby.swap" is "dev-disk-by.swap". */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-7][\da-f])/gi, (_, code) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** What the path of a cgroup says, with ids as people know them; null for what it does not say. */
export interface CgroupNames {
  readonly unit: string | null;
  readonly container: string | null;
}

export const cgroupNames = oncePerPath((cgroup): CgroupNames => ({
  unit: shownName(unitOf(cgroup)),
  container: shownName(containerOf(cgroup)),
}));

const shownName = (name: string): string | null =>
  name === NO_GROUP ? null : shortContainerId(name).toWellFormed();
