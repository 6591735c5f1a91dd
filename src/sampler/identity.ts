import { userOfUid } from "../kernel/passwd.ts";
import type { Procfs } from "../kernel/procfs.ts";
import type { IoPriority } from "../model/sample.ts";
import type { Identity } from "./task.ts";

/** The slow facts of tasks, from /proc and the user database. */
export class ProcfsIdentity implements Identity {
  generation = 0;
  readonly #procfs: Procfs;

  constructor(procfs: Procfs) {
    this.#procfs = procfs;
  }

  userOfUid(uid: number): string {
    return userOfUid(uid);
  }
  readCmdline(tid: number): readonly string[] | null {
    return this.#procfs.readCmdline(tid);
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
}
