/** Where file systems are mounted: from a path on one to the path that people know. Pure. */

interface Mount {
  /** The folder of the file system that is mounted: "/" for all of it. */
  readonly root: string;
  readonly point: string;
}

/** By number of the file system, "254:0". */
export type Mounts = ReadonlyMap<string, readonly Mount[]>;

/** Of /proc/self/mountinfo (proc_pid_mountinfo(5)): id, parent, device, root, mount point ... */
const LINE = /^\d+ \d+ (\d+:\d+) (\S+) (\S+) /;

export function parseMounts(text: string): Mounts {
  const mounts = new Map<string, Mount[]>();
  for (const line of text.split("\n")) {
    const [, device, root, point] = LINE.exec(line) ?? [];
    if (device === undefined) continue;
    const mount = { root: unescape(root!), point: unescape(point!) };
    mounts.set(device, [...(mounts.get(device) ?? []), mount]);
  }
  return mounts;
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

/** Blanks and the like are written as three octal digits. */
const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
