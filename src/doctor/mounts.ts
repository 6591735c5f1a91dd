/** What /proc/self/mountinfo (proc_pid_mountinfo(5)) says of /proc and of cgroups. Pure. */
import { parseMountinfo } from "../kernel/mountinfo.ts";

export interface CgroupMounts {
  /** Where the hierarchy of version 2 is; null if it is not mounted. */
  readonly unified: string | null;
  /** Controllers of version 1 that are mounted: "memory", "blkio". */
  readonly legacy: readonly string[];
}

/** How /proc is mounted if it does not show everything. */
export function parseHidden(mountinfo: string): readonly string[] {
  const proc = parseMountinfo(mountinfo).findLast(
    ({ point, type }) => type === "proc" && point === "/proc",
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
  const mounts = parseMountinfo(mountinfo);
  return {
    unified: mounts.find(({ type }) => type === "cgroup2")?.point ?? null,
    legacy: mounts
      .filter(({ type }) => type === "cgroup")
      .flatMap(({ options }) => options)
      .filter((option) => !FLAGS.has(option) && !option.includes("=")),
  };
}
