/** What processes read and wrote by file, where that was asked for. Pure types; null is unknown. */

/**
 * What the bytes belong to. "file": a regular file. "device": pages of a device itself, where a file system keeps what it
 * knows about its files. "no-file": a request without a file, of swap or a journal. "not-attributed": what the task's own
 * counters have and no file has; what network file systems read is there.
 */
export type FileKind = "file" | "device" | "no-file" | "not-attributed";

/**
 * One process and one file in the interval. For each process, `readBytes` of its rows add up to that of the process, and
 * so do `writeBytes`: the row "not-attributed" is the difference, and below 0 where files are ahead of the counters, which
 * are read earlier; the next sample has that the other way round.
 */
export interface FileDelta {
  /** Unknown: bytes that went to the device and that somebody wrote before anyone looked. */
  readonly pid: number | null;
  /** As `TaskInfo.processKey`; unknown if no sample had the process. */
  readonly processKey: string | null;
  /** Name of its main thread; may hold control characters: format it before printing. */
  readonly comm: string | null;
  readonly kind: FileKind;
  /** "vda1"; "0:52" for a file system without a device. Unknown for what is not attributed, and for positions. */
  readonly device: string | null;
  /** Unknown, like the path, for the files of a process that there was no room for in an interval. */
  readonly inode: number | null;
  /** May hold any character. "…" stands for a part that is too long, or too deep. */
  readonly path: string | null;
  /** Past the page cache (O_DIRECT). */
  readonly direct: boolean;
  /** What the process caused to be read from the device. */
  readonly readBytes: number | null;
  /** What it wrote, to the page cache or past it. */
  readonly writeBytes: number | null;
  /** What went to the device in the interval of all that it has written, whoever carried it there. */
  readonly toDiskBytes: number | null;
  /**
   * How far positions in the file have moved, where bytes cannot be had: cached reads count too, and what is read or
   * written at a place that the call names does not. Unknown where bytes are known.
   */
  readonly movedBytes: number | null;
}
