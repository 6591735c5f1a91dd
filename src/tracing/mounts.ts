/** Where file systems are mounted: from a path on one to the path that people know. Pure. */
import { parseMountinfo, type Mount } from "../kernel/mountinfo.ts";

/** By number of the file system, "254:0". */
export type Mounts = ReadonlyMap<string, readonly Mount[]>;

/** @param mountinfo what /proc/self/mountinfo says */
export function mountsByDevice(mountinfo: string): Mounts {
  return Map.groupBy(parseMountinfo(mountinfo), ({ device }) => device);
}

/**
 * @param fileSystem "254:0"
 * @param path on that file system
 * @returns the path by the mount that has the most of the file system, or the two arguments
 */
export function pathOf(
  mounts: Mounts,
  fileSystem: string,
  path: string,
): string {
  const fitting = (mounts.get(fileSystem) ?? []).filter(
    ({ root }) => root === "/" || path === root || path.startsWith(`${root}/`),
  );
  // The one that was mounted first, if several have as much.
  const [first] = fitting.sort((a, b) => a.root.length - b.root.length);
  if (first === undefined) return `${fileSystem}:${path}`;
  const rest = first.root === "/" ? path : path.slice(first.root.length);
  return first.point === "/"
    ? rest || "/"
    : first.point + (rest === "/" ? "" : rest);
}
