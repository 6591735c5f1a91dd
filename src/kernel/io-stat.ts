/** What a cgroup and those below it moved, by device: io.stat of version 2 (blkcg_print_stat in block/blk-cgroup.c). */

/** The counters of one device, since the cgroup was made. */
export interface IoStat {
  /** "254:0". */
  readonly device: string;
  readonly readBytes: number;
  readonly writeBytes: number;
}

/**
 * "254:0 rbytes=4096 wbytes=0 rios=1 ...", in which more keys may follow. A device that did nothing may have a line
 * without any (seen on Linux 6.1 and 6.12): it is left out.
 */
export function parseIoStat(text: string): readonly IoStat[] {
  return text.split("\n").flatMap((line) => {
    const [, device, readBytes, writeBytes] =
      /^(\d+:\d+) (?:.* )?rbytes=(\d+) wbytes=(\d+)(?: |$)/.exec(line) ?? [];
    return device === undefined
      ? []
      : [
          {
            device,
            readBytes: Number(readBytes),
            writeBytes: Number(writeBytes),
          },
        ];
  });
}
