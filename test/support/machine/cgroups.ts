/** Cgroups for the processes of a test, in the hierarchies that are mounted here. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the unified hierarchy and those of version 1 are mounted; null: this machine has none such. */
interface Mounts {
  readonly unified: string | null;
  /** The one of blkio, if version 1 has it, and others that can hold a process whose other values are not set. */
  readonly version1: readonly string[] | null;
}

function findMounts(): Mounts {
  let unified: string | null = null;
  const version1: string[] = [];
  let hasBlkio = false;
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const path = before.split(" ")[4]!;
    const [type, , options = ""] = after.split(" ");
    if (type === "cgroup2") unified ??= path;
    if (type !== "cgroup") continue;
    const names = options.split(",");
    if (names.includes("blkio")) hasBlkio = true;
    if (["blkio", "memory", "name=systemd"].some((one) => names.includes(one)))
      version1.push(path);
  }
  return { unified, version1: hasBlkio ? version1 : null };
}

const MOUNTS = findMounts();

/** Why tests cannot make cgroups here; null if they can. */
export const CGROUP_REFUSAL: string | null = (() => {
  try {
    using _ = joinCgroups(null, { container: `/iotop-test-${process.pid}` });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
})();

export const needsCgroups = (title: string): string =>
  CGROUP_REFUSAL === null ? title : `${title} (${CGROUP_REFUSAL})`;

export interface CgroupPaths {
  /** Where the controllers are. */
  readonly container: string;
  /** In the unified hierarchy of a hybrid host. */
  readonly runtime?: string;
}

/**
 * Puts a process into cgroups, which are made for it. They are removed again when it has ended, with all above them
 * that are empty then.
 *
 * @param pid null: nobody
 * @throws Error where no cgroup can be made
 */
export function joinCgroups(
  pid: number | null,
  { container, runtime }: CgroupPaths,
): Disposable {
  const { unified, version1 } = MOUNTS;
  const folders =
    version1 !== null
      ? version1.map((mount) => ({ mount, path: join(mount, container) }))
      : unified !== null
        ? [{ mount: unified, path: join(unified, container) }]
        : [];
  if (version1 !== null && unified !== null && runtime !== undefined)
    folders.push({ mount: unified, path: join(unified, runtime) });
  if (folders.length === 0) throw new Error("no cgroups are mounted");
  for (const { path } of folders) {
    mkdirSync(path, { recursive: true });
    if (pid !== null) writeFileSync(join(path, "cgroup.procs"), `${pid}`);
  }
  return {
    [Symbol.dispose]() {
      for (const { mount, path } of folders)
        for (let each = path; each !== mount; each = dirname(each))
          try {
            rmdirSync(each);
          } catch {
            // Somebody else is in it.
            break;
          }
    },
  };
}
