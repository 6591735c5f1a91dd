/** The folders of cgroup version 2 (cgroups(7)), where the controller io counts bytes for each. */
import { readSmallFile } from "./files.ts";
import { parseIoStat, type IoStat } from "./io-stat.ts";

/** One line for each device, of about a hundred characters. */
const MOST_BYTES = 64 << 10;
const IO = "io";

export class CgroupTree {
  /** Null where there is no version 2. */
  readonly #root: string | null;

  /** @param mount where cgroups are mounted: version 2 there, or in "unified" beside version 1 */
  constructor(mount = "/sys/fs/cgroup") {
    const roots = [mount, `${mount}/unified`];
    this.#root =
      roots.find((root) => controllersIn(root, "controllers") !== null) ?? null;
  }

  /** Null if it cannot be read: it is gone, or nothing is counted for it. */
  readIoStat(cgroup: string): readonly IoStat[] | null {
    if (this.#root === null || leadsOut(cgroup)) return null;
    const text = readSmallFile(`${this.#root}${cgroup}/io.stat`, MOST_BYTES);
    return text === null ? null : parseIoStat(text);
  }

  /** Why nothing is counted for a cgroup, in one line; null if something is, or if it is gone. */
  readWhyNot(cgroup: string): string | null {
    const root = this.#root;
    if (root === null) return "this machine has no cgroups of version 2";
    if (!controllersIn(root, "controllers")!.includes(IO))
      return "cgroups of version 2 have no io controller here: version 1 holds it, as blkio";
    if (leadsOut(cgroup)) return "some cgroups are outside of this namespace";
    let path = "";
    for (const part of cgroup.split("/").filter(Boolean)) {
      const enabled = controllersIn(root + path, "subtree_control");
      if (enabled !== null && !enabled.includes(IO))
        return `io is not enabled for ${path.split("/").at(-1) || "the root cgroup"}: systemd's DefaultIOAccounting=`;
      path += `/${part}`;
    }
    return null;
  }
}

/** Above the root of a namespace of cgroups. */
const leadsOut = (cgroup: string): boolean =>
  cgroup.split("/").includes("..") || !cgroup.startsWith("/");

function controllersIn(
  folder: string,
  file: "controllers" | "subtree_control",
): readonly string[] | null {
  const text = readSmallFile(`${folder}/cgroup.${file}`);
  return text === null ? null : text.trim().split(" ");
}
