/** Acts on tasks, each time on the one that the user saw and on no other that was given its id since. */
import { ENOSYS, EPERM, ESRCH, SysError } from "../../kernel/errors.ts";
import { NumberList } from "../../kernel/files.ts";
import { writeIoPriority } from "../../kernel/io-priority.ts";
import { readOneTask } from "../../kernel/one-task.ts";
import { Pidfd } from "../../kernel/pidfd.ts";
import { Procfs } from "../../kernel/procfs.ts";
import type { SeenTask, TaskControl } from "../../model/controls.ts";
import type { IoPriority } from "../../model/sample.ts";
import type { TaskDetails } from "../../model/tasks/task-details.ts";
import { DelaySwitch } from "./delay-switch.ts";
import { compareLives } from "./same-life.ts";
import { toTaskDetails } from "./to-task-details.ts";

/** A thread may begin while the others are set; it takes the priority of the one that made it. */
const MOST_PASSES = 5;

/** @param lock why nothing may be changed, or null */
export const openTasks = (lock: string | null): HostTaskControl =>
  new HostTaskControl(new Procfs(), lock);

export class HostTaskControl implements TaskControl, Disposable {
  readonly lock: string | null;
  readonly #procfs: Procfs;
  readonly #delayAccounting: DelaySwitch;

  constructor(
    procfs: Procfs,
    lock: string | null,
    delayAccounting = new DelaySwitch(),
  ) {
    this.#procfs = procfs;
    this.lock =
      lock ??
      (procfs.hasOwnIds
        ? null
        : "the ids here are those of another pid namespace");
    this.#delayAccounting = delayAccounting;
  }

  inspect(
    seen: SeenTask,
    asProcess: boolean,
    firstTids: readonly number[] = [],
  ): TaskDetails | null {
    const { pid, tid } = seen.task;
    const id = asProcess ? pid : tid;
    const reading = readOneTask(this.#procfs, pid, id, asProcess, firstTids);
    if (reading === null) return null;
    // Read before all and compared after it: who ended meanwhile, and whose id was used again, has another start now.
    const isSame =
      this.#compare(seen, reading.stat.startTicks) !== "other" &&
      this.#procfs.readThreadStat(pid, id)?.startTicks ===
        reading.stat.startTicks;
    return isSame ? toTaskDetails(reading, asProcess ? null : tid) : null;
  }

  signal(seen: SeenTask, signal: number): string | null {
    const { task } = seen;
    const name = nameOf(seen);
    const no = "no signal sent";
    if (this.lock !== null) return `${this.lock}: ${no}`;
    if (task.isKernelThread)
      return `${name} is a kernel thread, ${no}: it accepts none`;
    const opened = Pidfd.open(task.pid);
    if (typeof opened === "number")
      return opened === ENOSYS
        ? `${no}: without pidfd_open (Linux 5.3) it could reach another process`
        : explain(opened, seen, no);
    using process = opened;
    // Who had the id when it was opened may have ended: then this is the start of another one, or there is none.
    const problem = this.#problemOf(seen, task.pid, no);
    if (problem !== null) return problem;
    const errno = process.signal(signal);
    return errno === 0 ? null : explain(errno, seen, no);
  }

  setIoPriority(
    seen: SeenTask,
    asProcess: boolean,
    priority: IoPriority,
  ): string | null {
    const { pid, tid } = seen.task;
    const no = "nothing changed";
    if (this.lock !== null) return `${this.lock}: ${no}`;
    const problem = this.#problemOf(seen, asProcess ? pid : tid, no);
    if (problem !== null) return problem;
    const errno = asProcess
      ? this.#setAll(pid, priority)
      : this.#setOne(pid, tid, priority);
    if (errno === 0) return null;
    return errno === EPERM && priority.class === "rt"
      ? `not allowed: only root can set real time (CAP_SYS_NICE), ${no}`
      : explain(errno, seen, no);
  }

  setDelayAccounting(on: boolean): string | null {
    return this.lock !== null
      ? `${this.lock}: nothing changed`
      : this.#delayAccounting.set(on);
  }

  /** @returns 0, or the first errno; a thread that ended meanwhile is none */
  #setAll(pid: number, priority: IoPriority): number {
    const done = new Set<number>();
    const list = new NumberList();
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      if (this.#procfs.listThreads(pid, list) !== "listed") break;
      const before = done.size;
      for (let i = 0; i < list.length; i++) {
        const tid = list.get(i);
        if (done.has(tid)) continue;
        done.add(tid);
        const errno = this.#setOne(pid, tid, priority);
        if (errno !== 0 && errno !== ESRCH) return errno;
      }
      if (done.size === before) return 0;
    }
    return done.size === 0 ? ESRCH : 0;
  }

  /** Only while the thread is one of this process: no call takes both. */
  #setOne(pid: number, tid: number, priority: IoPriority): number {
    const before = this.#procfs.readThreadStat(pid, tid);
    if (before === null) return ESRCH;
    const errno = writeIoPriority(tid, priority);
    const after = this.#procfs.readThreadStat(pid, tid);
    return after?.startTicks === before.startTicks ? errno : ESRCH;
  }

  /** Why a task is not the one that was seen; null if it is. */
  #problemOf(seen: SeenTask, tid: number, no: string): string | null {
    const stat = this.#procfs.readThreadStat(seen.task.pid, tid);
    const isOver = stat?.state === "Z" && stat.threadCount <= 1;
    if (stat === null || isOver) return explain(ESRCH, seen, no);
    const sameness = this.#compare(seen, stat.startTicks);
    if (sameness === "other") return explain(ESRCH, seen, no);
    return sameness === "same"
      ? null
      : `${nameOf(seen)} started only just now, ${no}: try again after the next sample`;
  }

  #compare(seen: SeenTask, startTicks: number) {
    const uptimeS = this.#procfs.readUptimeS();
    return compareLives(seen, startTicks, Date.now(), uptimeS);
  }

  [Symbol.dispose](): void {
    this.#delayAccounting[Symbol.dispose]();
  }
}

const nameOf = ({ task }: SeenTask): string => `${task.pid} ${task.comm}`;

/** @param no what was not done */
function explain(errno: number, seen: SeenTask, no: string): string {
  if (errno === ESRCH) return `${nameOf(seen)} has exited, ${no}`;
  if (errno === EPERM)
    return `not allowed: ${nameOf(seen)} is a process of ${seen.task.user}, ${no}`;
  return `${new SysError(nameOf(seen), errno).message}, ${no}`;
}
