/** What is read of a task only when somebody asks for it, from /proc and the user database. */
import { LONGEST_BYTES } from "../kernel/files.ts";
import { userOfUid } from "../kernel/passwd.ts";
import type { Procfs } from "../kernel/procfs.ts";
import type { IoPriority } from "../model/sample.ts";
import type { TaskFactReader } from "./task.ts";

/** What is read of arguments when much is kept of others: as much as the kernel gave of any before Linux 4.2. */
const SHORT_BYTES = 4096;
/** From so much on, arguments that are kept for living tasks are read short. */
const MUCH_BYTES = 16 << 20;

/** The slow facts of tasks, from /proc and the user database. */
export class ProcfsTaskFacts implements TaskFactReader {
  generation = 0;
  readonly #procfs: Procfs;
  #keptBytes = 0;

  constructor(procfs: Procfs) {
    this.#procfs = procfs;
  }

  userOfUid(uid: number): string {
    return userOfUid(uid);
  }
  /** Bounded for one task and for all together, since other users decide how long arguments are. */
  readCmdline(tid: number): readonly string[] | null {
    const limitBytes =
      this.#keptBytes < MUCH_BYTES ? LONGEST_BYTES : SHORT_BYTES;
    const cmdline = this.#procfs.readCmdline(tid, limitBytes);
    this.#keptBytes += sizeBytes(cmdline);
    return cmdline;
  }
  forgetCmdline(cmdline: readonly string[] | null): void {
    this.#keptBytes -= sizeBytes(cmdline);
  }
  readLongName(tid: number): string | null {
    return this.#procfs.readLongName(tid);
  }
  readIoPriority(tid: number): IoPriority | null {
    return this.#procfs.readIoPriority(tid);
  }
  readCgroup(tid: number): string | null {
    return this.#procfs.readCgroup(tid);
  }
  readState(tid: number): string | null {
    return this.#procfs.readStat(tid)?.state ?? null;
  }
}

/** About what arguments take in memory: an empty one has its place too. */
const sizeBytes = (cmdline: readonly string[] | null): number =>
  cmdline?.reduce((sum, argument) => sum + argument.length + 16, 0) ?? 0;
