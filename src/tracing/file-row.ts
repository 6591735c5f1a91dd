/** What a process did with a file in an interval, before it is known what the process is called. Pure types. */
import type { FileKind } from "../model/files/file-delta.ts";

/** One process, or what stands for none: bytes that nobody dirtied while we looked. */
export interface Process {
  readonly pid: number;
  /** Since boot. */
  readonly startNs: number;
}

/** What a process did with a file, on one device, one way. */
export interface FileRow {
  /** Null for what was dirtied before we looked. */
  readonly process: Process | null;
  readonly kind: Exclude<FileKind, "not-attributed">;
  readonly device: string;
  readonly inode: number | null;
  path: string | null;
  readonly direct: boolean;
  readBytes: number;
  writeBytes: number;
  toDiskBytes: number;
}
