/** What is read of one task only, when somebody looks at it. Pure types. */
import type { IoDelta, IoPriority, Unknown } from "../sample.ts";

/** One task or process at one moment. All of it is bounded, as other users decide how much there is. */
export interface TaskDetails {
  /** When it was read: time since boot, seconds. */
  readonly uptimeS: number;
  /** R running, S sleeping, D blocked, T stopped, Z zombie ...: of the thread, or of the main thread. */
  readonly state: string;
  /** Arguments of the process; empty for kernel threads. */
  readonly cmdline: readonly string[] | Unknown;
  /** Path of the program, and of the working directory. */
  readonly exe: string | Unknown;
  readonly cwd: string | Unknown;
  /** As `TaskInfo.cgroup`. */
  readonly cgroup: string | Unknown;
  /** Unknown if it has ended, or has no id here. */
  readonly parent: ParentDetails | Unknown;
  /** Threads of the process, those asked for first; not all if there are many. */
  readonly threads: readonly ThreadDetails[];
  /** How many threads the process has. */
  readonly threadCount: number | Unknown;
  /** What its living threads did since each began. Calls are exact. Unknown also if there are too many threads. */
  readonly lifetime: IoDelta | Unknown;
  /**
   * The same with its ended threads and with the children that it has waited for, which the kernel adds up for a
   * process. Unknown for a single thread. Read before `lifetime`: if it is more, there were such.
   */
  readonly withEnded: IoDelta | Unknown;
  /** Open files, regular ones first; not all if there are many. Unknown if iotop may not see them. */
  readonly files: readonly OpenFile[] | Unknown;
  /** How many files are open; unknown if there are too many to count. */
  readonly fileCount: number | Unknown;
}

export interface ParentDetails {
  readonly pid: number;
  readonly comm: string;
}

export interface ThreadDetails {
  readonly tid: number;
  readonly comm: string;
  readonly state: string;
  readonly ioPriority: IoPriority | Unknown;
}

export interface OpenFile {
  readonly fd: number;
  readonly mode: "r" | "w" | "rw" | "path" | Unknown;
  /** Path, or what the kernel calls it: "socket:[1234]". May hold control characters: format it before printing. */
  readonly path: string;
  /** Where the next read or write begins, bytes; unknown for what has no position. */
  readonly position: number | Unknown;
  /** Bytes; unknown for what is no regular file, and on file systems that may not answer. */
  readonly size: number | Unknown;
}
