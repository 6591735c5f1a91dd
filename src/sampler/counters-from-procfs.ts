/**
 * Counters from /proc alone, for users whom the kernel refuses taskstats: those of our own tasks, and the wait for block
 * I/O of everybody's. Nothing tells of tasks that end, so what they did after their last reading is missing.
 */
import { NumberList } from "../kernel/files.ts";
import type { ProcIo, ProcStat } from "../kernel/procfs-parse.ts";
import { TaskstatsRecord } from "../kernel/taskstats.ts";
import { COUNTER, COUNTERS, PROC_IO_FIELDS } from "../model/counters.ts";
import type { CounterReader, SamplerParts } from "./reader.ts";

/** /proc counts in USER_HZ, 100 a second on every machine iotop is built for. */
const TICK_NS = 1e7;
/** PF_KTHREAD of linux/sched.h. */
const PF_KTHREAD = 0x00200000;
const TASKS_PER_SLICE = 64;

export class ProcfsReader implements CounterReader {
  readonly name = "procfs";
  readonly countsDelays = true;
  readonly exitEvents = false;
  denied = 0;
  hidesTasks = false;
  readonly #parts: SamplerParts;
  /** Boot, on our monotonic clock, ns. Read once, so that a start stays the same number. */
  readonly #bootNs: number;
  readonly #processList = new NumberList();
  readonly #threadList = new NumberList();
  /** Tasks that were not ours to read, by process: those of idle ones still are not. */
  #deniedOf = new Map<number, number>();
  readonly #record = new TaskstatsRecord(COUNTERS.length);
  readonly #commBytes = new Uint8Array(new ArrayBuffer(16));
  readonly #commWords = new Uint32Array(this.#commBytes.buffer);

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#bootNs = parts.clock.monotonicNs() - parts.procfs.readUptimeS() * 1e9;
  }

  takeLostExits(): number {
    return 0;
  }

  drainExits(): number {
    return 0;
  }

  *scan(): Generator<void, void, void> {
    this.denied = 0;
    const deniedBefore = this.#deniedOf;
    this.#deniedOf = new Map();
    this.#parts.lives.beginScan(this.#parts.clock.monotonicNs());
    this.#parts.procfs.listProcesses(this.#processList);
    this.hidesTasks = this.#parts.procfs.hidesProcesses(this.#processList);
    let tasks = 0;
    for (let i = 0; i < this.#processList.length; i++) {
      const pid = this.#processList.get(i);
      if (++tasks % TASKS_PER_SLICE === 0) yield;
      const nowNs = this.#parts.clock.monotonicNs();
      if (this.#parts.idle.look(pid, nowNs) === "idle") {
        this.#deny(pid, deniedBefore.get(pid) ?? 0);
        continue;
      }
      const answer = this.#parts.procfs.listThreads(pid, this.#threadList);
      if (answer === "denied") this.hidesTasks = true;
      if (answer !== "listed") continue;
      for (let j = 0; j < this.#threadList.length; j++) {
        this.#readTask(pid, this.#threadList.get(j));
        if (++tasks % TASKS_PER_SLICE === 0) yield;
      }
    }
    this.#parts.idle.settle();
    for (const { tid, pid } of this.#parts.tracker.unseen())
      this.#readTask(pid, tid);
    this.#parts.tracker.reconcile();
  }

  #deny(pid: number, tasks: number): void {
    if (tasks === 0) return;
    this.denied += tasks;
    this.#deniedOf.set(pid, (this.#deniedOf.get(pid) ?? 0) + tasks);
  }

  #readTask(pid: number, tid: number): void {
    const beforeNs = this.#parts.clock.monotonicNs();
    const stat = this.#parts.procfs.readStat(tid);
    const io = stat === null ? null : this.#parts.procfs.readTaskIo(pid, tid);
    const uid = stat === null ? null : this.#uidOf(tid, stat);
    if (stat === null || io === null || uid === null) {
      this.#parts.tracker.noAnswer(tid, pid);
      return;
    }
    if (io === "denied") this.#deny(pid, 1);
    this.#fill(tid, stat, io === "denied" ? null : io, beforeNs);
    this.#record.uid = uid;
    // A start is known to one tick.
    const window = { beforeNs, afterNs: beforeNs + TICK_NS };
    this.#parts.tracker.answer(tid, pid, this.#record, window);
  }

  #fill(
    tid: number,
    stat: ProcStat,
    io: ProcIo | null,
    beforeNs: number,
  ): void {
    const r = this.#record;
    const startNs = this.#bootNs + stat.startTicks * TICK_NS;
    r.tid = tid;
    r.ppid = stat.ppid;
    r.elapsedUs = (beforeNs - startNs) / 1000;
    r.peakVirtualKiB = (stat.flags & PF_KTHREAD) === 0 ? 1 : 0;
    const { counters } = r;
    for (const [i, field] of PROC_IO_FIELDS.entries())
      counters[i] = io === null || field === null ? NaN : io[field];
    counters[COUNTER.ioWaitNs] = stat.blockIoTicks * TICK_NS;
    this.#commBytes.fill(0);
    new TextEncoder().encodeInto(stat.comm, this.#commBytes);
    r.comm0 = this.#commWords[0]!;
    r.comm1 = this.#commWords[1]!;
    r.comm2 = this.#commWords[2]!;
    r.comm3 = this.#commWords[3]!;
  }

  /** The owner is in another file, which is read for new tasks and after a change of name: an execve can change it. */
  #uidOf(tid: number, stat: ProcStat): number | null {
    const slot = this.#parts.lives.table.find(tid);
    const known = slot < 0 ? undefined : this.#parts.lives.table.task[slot];
    if (known !== undefined && known.comm === stat.comm) return known.uid;
    return this.#parts.procfs.readUid(tid) ?? known?.uid ?? null;
  }

  [Symbol.dispose](): void {}
}
