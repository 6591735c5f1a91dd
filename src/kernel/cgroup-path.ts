/** Which of its cgroups names a task. */

interface Hierarchy {
  /** Empty for the unified hierarchy; "name=systemd" where a hierarchy has a name and no controllers. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** What accounts for a task's resources, I/O first. Who has these knows which container a task is of. */
const ACCOUNTING = ["blkio", "io", "memory", "cpu", "pids"];

/**
 * The path that names a task best, from /proc/PID/cgroup (cgroups(7)); null if there is none.
 *
 * A unified hierarchy ("0::PATH") whose controllers all belong to version 1 says little: Docker, which does not use it
 * then, leaves its containers in the cgroup of their runtime. So the hierarchies are asked in turn, those that account
 * first, then systemd's, the unified one, and all others, the longest path first. One that is asked later counts where
 * nothing was said before it ("/"), or where it says more of the same: systemd leaves many units in "/user.slice" of
 * the controllers that they do not need.
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

/** "4:cpu,cpuacct:/a". Only a line feed ends a line and no name of a controller has a colon; a path may hold all else. */
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

/** "/" is the root, and "/../.." one above that of a cgroup namespace. */
function saysNothing(path: string): boolean {
  return /^\/?(\.\.\/?)*$/.test(path);
}
