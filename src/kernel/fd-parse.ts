/** Pure parser of what /proc says of an open file (Documentation/filesystems/proc.rst). */

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
