/** Pure parser of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */

export interface Mount {
  readonly id: number;
  /** Major and minor number of the file system, "254:0". */
  readonly device: string;
  /** The folder of the file system that is mounted: "/" for all of it. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  /** Of the file system, not of the mount. */
  readonly options: readonly string[];
}

/** Paths hold no blanks, which are escaped; a single hyphen ends the optional fields. */
const LINE = /^(\d+) \d+ (\d+:\d+) (\S+) (\S+) (?:.* )?- (\S+) \S* (\S*)$/;

/**
 * "31 23 0:28 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate". A line that was cut is left out.
 */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, id, device = "", root = "", point = "", type = "", options = ""] =
      match;
    return [
      {
        ...{ id: Number(id), device, type, options: options.split(",") },
        ...{ root: unescape(root), point: unescape(point) },
      },
    ];
  });
}

/** Blanks and the like are written as three octal digits. */
const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
