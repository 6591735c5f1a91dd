/** Pure parsers of what /proc says of open files and of mounts (Documentation/filesystems/proc.rst). */

/** What iotop uses of /proc/PID/fdinfo/FD. */
export interface FdInfo {
  /** Bytes. */
  readonly position: number;
  /** O_* flags (open(2)). */
  readonly flags: number;
  /** Of the mount in /proc/PID/mountinfo; NaN before Linux 3.15. */
  readonly mountId: number;
}

export function parseFdInfo(text: string): FdInfo | null {
  const position = /^pos:\s*(-?\d+)$/m.exec(text);
  const flags = /^flags:\s*([0-7]+)$/m.exec(text);
  if (position === null || flags === null) return null;
  return {
    position: Number(position[1]),
    flags: Number.parseInt(flags[1]!, 8),
    mountId: Number(/^mnt_id:\s*(\d+)$/m.exec(text)?.[1] ?? NaN),
  };
}

/** The type of the file system of each mount, by its id, from /proc/PID/mountinfo. */
export function parseMountTypes(text: string): ReadonlyMap<number, string> {
  const types = new Map<number, string>();
  for (const line of text.split("\n")) {
    // A path may hold anything but blanks, which are escaped; a single hyphen ends the optional fields.
    const match = /^(\d+) .* - (\S+) /.exec(line);
    if (match !== null) types.set(Number(match[1]), match[2]!);
  }
  return types;
}
