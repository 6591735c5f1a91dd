/** What the kernel counted for a cgroup, where that was asked for; null is unknown. */

/** A cgroup with those below it. */
export interface CgroupDelta {
  /** In the hierarchy of version 2; as `TaskInfo.cgroup`, and those above them. */
  readonly path: string;
  /**
   * Bytes that came from disks, and that went to them, whoever carried them there: what was written earlier, and by tasks
   * that have ended, is in it. Unknown if the kernel does not count for it, and the first time.
   */
  readonly fromDiskBytes: number | null;
  readonly toDiskBytes: number | null;
  /** The time that they cover, ns: there is one reading a second at most. */
  readonly elapsedNs: number;
}

/** The same of a group of cgroups. */
export type GroupDisk = Omit<CgroupDelta, "path">;

/**
 * The cgroups' part of a merge of two successive samples. Amounts add up; each covers a time of its own, so one that is
 * known is not lost beside one that is not.
 */
export function mergeCgroups(
  a: readonly CgroupDelta[] | null,
  b: readonly CgroupDelta[] | null,
): readonly CgroupDelta[] | null {
  if (a === null || b === null) return a ?? b;
  const merged = new Map(a.map((each) => [each.path, each]));
  for (const each of b) {
    const before = merged.get(each.path);
    merged.set(each.path, before === undefined ? each : merge(before, each));
  }
  return [...merged.values()];
}

function merge(a: CgroupDelta, b: CgroupDelta): CgroupDelta {
  if (a.toDiskBytes === null || a.fromDiskBytes === null) return b;
  if (b.toDiskBytes === null || b.fromDiskBytes === null) return a;
  return {
    path: b.path,
    fromDiskBytes: a.fromDiskBytes + b.fromDiskBytes,
    toDiskBytes: a.toDiskBytes + b.toDiskBytes,
    elapsedNs: a.elapsedNs + b.elapsedNs,
  };
}
