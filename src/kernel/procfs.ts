/**
 * Readers of /proc. What a task hides, and what ended with it, is null; only a missing /proc itself is an error. What a
 * column shows of a task is read on use: src/sampler/task-facts-from-procfs.ts asks for it.
 */
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { parseCgroup } from "./cgroup-path.ts";
import { EACCES, EPERM, ESRCH, SysError } from "./errors.ts";
import { fileReader, readSmallFile, type NumberList } from "./files.ts";
import { readIoPriority, type IoPriorityValue } from "./io-priority.ts";
import { KeptFile } from "./kept-file.ts";
import { libc } from "./libc.ts";
import {
  parseCmdline,
  parseIo,
  parseLastPid,
  parseOwnPid,
  parsePressure,
  parseRunCount,
  parseStat,
  parseStatusUid,
  parseTaskTotal,
  parseVmstat,
  type BlockTotals,
  type PressureTotals,
  type ProcIo,
  type ProcStat,
} from "./procfs-parse.ts";

const VMSTAT_HEAD_BYTES = 2048;
/** Of /proc/PID/stat: more than the id and the longest name, of a kernel thread, 64 bytes. */
const STATE_BYTES = 128;
/** Of files that say enough in their first lines. */
const SMALL_BYTES = 1024;
/** Set from the first step of an exit onwards (linux/sched.h). */
const PF_EXITING = 0x4;
const CLOCK_BOOTTIME = 7;
/** The number is constant: PROC_PID_INIT_INO in linux/proc_ns.h. */
const INITIAL_PID_NAMESPACE = "pid:[4026531836]";

/** /proc under a root that tests can choose. */
export class Procfs implements Disposable {
  readonly #root: string;
  readonly #kept = new Map<string, KeptFile>();
  #hasOwnIds: boolean | undefined;
  /** struct timespec: two s64. */
  readonly #time = new Uint32Array(new ArrayBuffer(16));

  constructor(root = "/proc") {
    this.#root = root;
  }

  /**
   * Process ids of all processes that iotop may see, ascending.
   *
   * @throws SysError when /proc itself cannot be read
   */
  listProcesses(into: NumberList): void {
    const result = fileReader().listNumbers(this.#root, into);
    if (result < 0) throw new SysError(`list ${this.#root}`, -result);
  }

  /** Thread ids of a process. "denied" means that /proc shows only that the process exists (hidepid=1). */
  listThreads(pid: number, into: NumberList): "listed" | "gone" | "denied" {
    const path = `${this.#root}/${pid}/task`;
    const result = fileReader().listNumbers(path, into);
    if (result >= 0) return "listed";
    return isDenial(result) ? "denied" : "gone";
  }

  /** The arguments of a process. If they are longer than `limitBytes`, the result is the beginning, followed by "…". */
  readCmdline(tid: number, limitBytes?: number): readonly string[] | null {
    const text = readSmallFile(`${this.#root}/${tid}/cmdline`, limitBytes);
    return text === null ? null : parseCmdline(text);
  }

  /** The full name of a kernel thread, with its work queue; for any other task, its name. */
  readLongName(tid: number): string | null {
    const text = readSmallFile(`${this.#root}/${tid}/comm`);
    return text === null ? null : text.replace(/\n$/, "");
  }

  readCgroup(tid: number): string | null {
    const text = readSmallFile(`${this.#root}/${tid}/cgroup`);
    return text === null ? null : parseCgroup(text);
  }

  /**
   * Reads one thread, found by its own id. /proc/TID/stat itself would add up all threads of the process, which costs
   * O(threads²) over the whole process.
   */
  readStat(tid: number): ProcStat | null {
    return this.readThreadStat(tid, tid);
  }

  /** The same of a thread, found only in its process. */
  readThreadStat(pid: number, tid: number): ProcStat | null {
    const text = readSmallFile(`${this.folderOf(pid)}/task/${tid}/stat`);
    return text === null ? null : parseStat(text);
  }

  folderOf(pid: number): string {
    return `${this.#root}/${pid}`;
  }

  /** The state of a thread, one letter: R, S, D ...; null when it is gone, or hidden. */
  readState(tid: number): string | null {
    const path = `${this.#root}/${tid}/task/${tid}/stat`;
    const length = fileReader().read(path, STATE_BYTES);
    if (length < 0) return null;
    const bytes = fileReader().content;
    // The name may have such parentheses of its own, and what follows has only numbers.
    const close = bytes.lastIndexOf(0x29, Math.min(length, STATE_BYTES));
    return close < 0 ? null : String.fromCharCode(bytes[close + 2]!);
  }

  /** How often a thread was given a CPU: of its kind, the count of taskstats; NaN if it cannot be read. */
  readRunCount(tid: number): number {
    const text = readSmallFile(`${this.#root}/${tid}/task/${tid}/schedstat`);
    return parseRunCount(text ?? "");
  }

  /** Whether a task is exiting: a zombie, or still giving back its resources; null when it is gone. */
  isExiting(tid: number): boolean | null {
    const stat = this.readStat(tid);
    if (stat === null) return null;
    const isOver = stat.state === "Z" || stat.state === "X";
    return isOver || (stat.flags & PF_EXITING) !== 0;
  }

  readUid(tid: number): number | null {
    const text = readSmallFile(`${this.#root}/${tid}/status`);
    return text === null ? null : parseStatusUid(text);
  }

  /** The counters of one thread; null when it is gone, "denied" when iotop may not read them. */
  readTaskIo(pid: number, tid: number): ProcIo | null | "denied" {
    return this.#readIo(`${this.#root}/${pid}/task/${tid}/io`);
  }

  /**
   * The same of a process, with its ended threads and the children that it has waited for; null too if iotop may not
   * read it.
   */
  readProcessIo(pid: number): ProcIo | null {
    const io = this.#readIo(`${this.#root}/${pid}/io`);
    return io === "denied" ? null : io;
  }

  #readIo(path: string): ProcIo | null | "denied" {
    const length = fileReader().read(path);
    if (isDenial(length)) return "denied";
    if (length < 0) return null;
    const text = new TextDecoder().decode(
      fileReader().content.subarray(0, length),
    );
    return parseIo(text);
  }

  readBlockTotals(): BlockTotals | null {
    // They are in the first half, and the kernel makes no more than is asked for.
    const head = this.#readKept("vmstat", VMSTAT_HEAD_BYTES);
    if (head === null) return null;
    return parseVmstat(head) ?? parseVmstat(this.#readKept("vmstat") ?? "");
  }

  readPressure(): PressureTotals | null {
    const text = this.#readKept("pressure/io", SMALL_BYTES);
    return text === null ? null : parsePressure(text);
  }

  /** Whether there is swap space that is in use for swapping. */
  readHasSwap(): boolean | null {
    const text = this.#readKept("swaps", SMALL_BYTES);
    return text === null ? null : text.trimEnd().includes("\n");
  }

  /** A file that is read in every sample. */
  #readKept(name: string, limitBytes?: number): string | null {
    let file = this.#kept.get(name);
    if (file === undefined) {
      file = new KeptFile(`${this.#root}/${name}`);
      this.#kept.set(name, file);
    }
    const length =
      limitBytes === undefined ? file.read() : file.readFirst(limitBytes);
    return file.textOf(length);
  }

  /**
   * kernel.task_delayacct. Kernels before 5.14 have no switch and account unless a boot option forbids it. Null if
   * neither can be read, as in a /proc that has only processes (subset=pid).
   */
  readDelayAccounting(): boolean | null {
    const text = this.#readKept("sys/kernel/task_delayacct", SMALL_BYTES);
    if (text !== null) return text.trim() !== "0";
    const options = this.#readBootOptions();
    return options && !options.includes("nodelayacct");
  }

  /** Whether delay accounting was on before the first task: by the boot option, or because the kernel has no switch. */
  readWaitsSinceBoot(): boolean {
    const text = readSmallFile(`${this.#root}/sys/kernel/task_delayacct`);
    const options = this.#readBootOptions();
    if (text !== null) return options?.includes("delayacct") ?? false;
    return options !== null && !options.includes("nodelayacct");
  }

  #readBootOptions(): readonly string[] | null {
    return readSmallFile(`${this.#root}/cmdline`)?.split(/\s+/) ?? null;
  }

  /**
   * Whether the ids in this /proc are those that our own system calls use. A /proc of another pid namespace, as after
   * `unshare -pf` or `nsenter -p` alone, gives us another id or none. Then a number means one task in /proc and another
   * one, or none, in a request to the kernel.
   */
  get hasOwnIds(): boolean {
    return (this.#hasOwnIds ??=
      parseOwnPid(readSmallFile(`${this.#root}/self/status`) ?? "") ===
      process.pid);
  }

  /**
   * The last id assigned in our pid namespace, to a process or a thread. While it stays the same, no task has begun
   * (except one restored with an id of its own choice). NaN if it cannot be read.
   */
  readLastPid(): number {
    return parseLastPid(this.#readKept("loadavg", SMALL_BYTES) ?? "");
  }

  readPidMax(): number {
    const text = readSmallFile(`${this.#root}/sys/kernel/pid_max`);
    return text === null ? 32768 : Number.parseInt(text, 10);
  }

  readHostname(): string {
    const text = readSmallFile(`${this.#root}/sys/kernel/hostname`);
    return text?.trim() || hostname();
  }

  readBootId(): string | null {
    const text = readSmallFile(`${this.#root}/sys/kernel/random/boot_id`);
    return text?.trim() || null;
  }

  /**
   * Time since boot, seconds, including suspends: on the clock that start times use. It can be read even where
   * /proc/uptime is missing or that of a container.
   */
  readUptimeS(): number {
    libc().call.clock_gettime(CLOCK_BOOTTIME, this.#time);
    const time = this.#time;
    return time[1]! * 2 ** 32 + time[0]! + time[2]! / 1e9;
  }

  /**
   * Whether a list of processes lacks some that exist. The first process of a pid namespace lives as long as the
   * namespace, so a list without it comes from a /proc that hides tasks from us (hidepid).
   */
  hidesProcesses(listed: NumberList): boolean {
    return listed.length === 0 || listed.get(0) !== 1;
  }

  /** Tasks of the machine; null in any pid namespace but the initial one, for which alone the kernel counts them. */
  readTaskTotal(): number | null {
    if (!isInitialPidNamespace(`${this.#root}/self/ns/pid`)) return null;
    return parseTaskTotal(readSmallFile(`${this.#root}/loadavg`) ?? "");
  }

  /** Whether there is a process or a thread with an id of this pid namespace. */
  isTask(id: number): boolean {
    return libc().call.kill(id, 0) === 0 || libc().errno() !== ESRCH;
  }

  /** The priority of a task that a system call finds by its id in this /proc; null if it is gone. */
  readIoPriority(tid: number): IoPriorityValue | null {
    return this.hasOwnIds ? readIoPriority(tid) : null;
  }

  [Symbol.dispose](): void {
    for (const file of this.#kept.values()) file[Symbol.dispose]();
  }
}

const isDenial = (result: number): boolean =>
  result === -EACCES || result === -EPERM;

function isInitialPidNamespace(path: string): boolean {
  try {
    return readlinkSync(path) === INITIAL_PID_NAMESPACE;
  } catch {
    return false;
  }
}

/** All CPUs that can ever exist, in the kernel's notation: "0-7"; null without /sys. */
export function readPossibleCpus(): string | null {
  return readSmallFile("/sys/devices/system/cpu/possible")?.trim() || null;
}
