/** What /proc/self/mountinfo (proc_pid_mountinfo(5)) says of /proc and of cgroups. Pure. */

export interface CgroupMounts {
  /** Where the hierarchy of version 2 is; null if it is not mounted. */
  readonly unified: string | null;
  /** Controllers of version 1 that are mounted: "memory", "blkio". */
  readonly legacy: readonly string[];
}

interface Mount {
  readonly place: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate". */
function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [place = "", tail] = line.split(" - ");
    if (tail === undefined) return [];
    const [type = "", , options = ""] = tail.split(" ");
    return [
      { place: place.split(" ")[4] ?? "", type, options: options.split(",") },
    ];
  });
}

/** How /proc is mounted if it does not show everything. */
export function parseHidden(mountinfo: string): readonly string[] {
  const proc = parseMounts(mountinfo).findLast(
    ({ place, type }) => type === "proc" && place === "/proc",
  );
  return (proc?.options ?? []).filter(
    (option) =>
      option.startsWith("subset=") ||
      (option.startsWith("hidepid=") && !/=(?:0|off)$/.test(option)),
  );
}

const FLAGS: ReadonlySet<string> = new Set([
  "xattr",
  "rw",
  "ro",
  "clone_children",
  "noprefix",
]);

export function parseCgroupMounts(mountinfo: string): CgroupMounts {
  const mounts = parseMounts(mountinfo);
  return {
    unified: mounts.find(({ type }) => type === "cgroup2")?.place ?? null,
    legacy: mounts
      .filter(({ type }) => type === "cgroup")
      .flatMap(({ options }) => options)
      .filter((option) => !FLAGS.has(option) && !option.includes("=")),
  };
}
