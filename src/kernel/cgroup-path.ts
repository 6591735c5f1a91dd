/** Chooses the cgroup that best names a task. */

interface Hierarchy {
  /** Empty for the unified hierarchy; "name=systemd" for a hierarchy with a name and without controllers. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Controllers that account for a task's resources, I/O first. Their cgroup tells which container a task belongs to. */
const ACCOUNTING = ["blkio", "io", "memory", "cpu", "pids"];

/**
 * The path that names a task best, from /proc/PID/cgroup (cgroups(7)); null if there is none.
 *
 * A unified hierarchy ("0::PATH") whose controllers all belong to version 1 says little: Docker does not use it then,
 * and leaves its containers in the cgroup of their runtime. So the hierarchies are examined in turn: those that account
 * first, then systemd's, the unified one, and all others, the longest path first. A later one counts only if the
 * earlier ones say nothing ("/"), or if it says more of the same: for controllers that a unit does not need, systemd
 * often leaves it in "/user.slice".
 */
export function parseCgroup(text: string): string | null {
  const hierarchies = text.split("\n").flatMap(parseLine);
  const of = (controller: string) =>
    hierarchies.filter(({ controllers }) => controllers.includes(controller));
  const unified = hierarchies.filter((each) => each.controllers.length === 0);
  const accounting = ACCOUNTING.flatMap(of);
  const hasControllers = accounting.length === 0;
  if (hasControllers && unified.length > 0) return unified[0]!.path;
  const byLength = [...hierarchies].sort(
    (a, b) => b.path.length - a.path.length,
  );
  const inTurn = [...accounting, ...of("name=systemd"), ...unified];
  let best: string | null = null;
  for (const { path } of [...inTurn, ...byLength])
    if (best === null || saysMore(path, best)) best = path;
  return best;
}

/**
 * "4:cpu,cpuacct:/a". Only a line feed ends a line, and no controller's name has a colon; a path may contain anything
 * else.
 */
function parseLine(line: string): readonly Hierarchy[] {
  const parts = /^\d+:([^:]*):(.*)$/s.exec(line);
  if (parts === null) return [];
  const [, names = "", path = ""] = parts;
  return [{ controllers: names === "" ? [] : names.split(","), path }];
}

function saysMore(path: string, than: string): boolean {
  if (saysNothing(than)) return !saysNothing(path);
  return path.startsWith(`${than}/`);
}

/** "/" is the root, and "/../.." is above the root of a cgroup namespace. */
function saysNothing(path: string): boolean {
  return /^\/?(\.\.\/?)*$/.test(path);
}
