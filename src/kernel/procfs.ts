/** Readers of /proc. What a task hides or took with it is null; only the absence of /proc itself is an error. */
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { parseCgroup } from "./cgroup-path.ts";
import { EACCES, EPERM, SysError } from "./errors.ts";
import { fileReader, readSmallFile, type NumberList } from "./files.ts";
import { readIoPriority, type IoPriorityValue } from "./io-priority.ts";
import { libc } from "./libc.ts";
import {
  parseCmdline,
  parseIo,
  parseLastPid,
  parseOwnPid,
  parsePressure,
  parseStat,
  parseStatusUid,
  parseTaskTotal,
  parseVmstat,
  type BlockTotals,
  type PressureTotals,
  type ProcIo,
  type ProcStat,
} from "./procfs-parse.ts";

/** Set from the first step of an exit on (linux/sched.h). */
const PF_EXITING = 0x4;
const CLOCK_BOOTTIME = 7;
/** Always that number: PROC_PID_INIT_INO of linux/proc_ns.h. */
const INITIAL_PID_NAMESPACE = "pid:[4026531836]";

/** /proc under a root that tests can choose. */
export class Procfs {
  readonly #root: string;
  #hasOwnIds: boolean | undefined;
  /** struct timespec: two s64. */
  readonly #time = new Uint32Array(new ArrayBuffer(16));

  constructor(root = "/proc") {
    this.#root = root;
  }

  /**
   * Process ids of all processes that we may see, ascending.
   *
   * @throws SysError when /proc itself cannot be read
   */
  listProcesses(into: NumberList): void {
    const result = fileReader().listNumbers(this.#root, into);
    if (result < 0) throw new SysError(`list ${this.#root}`, -result);
  }

  /** Thread ids of a process. It is denied where /proc shows that it is there and no more (hidepid=1). */
  listThreads(pid: number, into: NumberList): "listed" | "gone" | "denied" {
    const path = `${this.#root}/${pid}/task`;
    const result = fileReader().listNumbers(path, into);
    if (result >= 0) return "listed";
    return isDenial(result) ? "denied" : "gone";
  }

  /** The arguments of a process; of those that are longer than `limitBytes` the beginning, which ends with "…". */
  readCmdline(tid: number, limitBytes?: number): readonly string[] | null {
    const text = readSmallFile(`${this.#root}/${tid}/cmdline`, limitBytes);
    return text === null ? null : parseCmdline(text);
  }

  /** The name in full of a thread of the kernel, and its work queue; of any other task its name. */
  readLongName(tid: number): string | null {
    const text = readSmallFile(`${this.#root}/${tid}/comm`);
    return text === null ? null : text.replace(/\n$/, "");
  }

  readCgroup(tid: number): string | null {
    const text = readSmallFile(`${this.#root}/${tid}/cgroup`);
    return text === null ? null : parseCgroup(text);
  }

  /** Of one thread, found by its own id. /proc/TID/stat itself would add up all threads of the process, in their square. */
  readStat(tid: number): ProcStat | null {
    const text = readSmallFile(`${this.#root}/${tid}/task/${tid}/stat`);
    return text === null ? null : parseStat(text);
  }

  /** Whether a task is on its way out: a zombie, or still giving back what it had; null when it is gone. */
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

  /** The counters of one thread; null when it is gone, "denied" when it is not ours to read. */
  readTaskIo(pid: number, tid: number): ProcIo | null | "denied" {
    const path = `${this.#root}/${pid}/task/${tid}/io`;
    const length = fileReader().read(path);
    if (isDenial(length)) return "denied";
    if (length < 0) return null;
    const text = new TextDecoder().decode(
      fileReader().content.subarray(0, length),
    );
    return parseIo(text);
  }

  readBlockTotals(): BlockTotals | null {
    const text = readSmallFile(`${this.#root}/vmstat`);
    return text === null ? null : parseVmstat(text);
  }

  readPressure(): PressureTotals | null {
    const text = readSmallFile(`${this.#root}/pressure/io`);
    return text === null ? null : parsePressure(text);
  }

  /**
   * kernel.task_delayacct. Kernels before 5.14 have no switch and account unless a boot option forbids it. Null where
   * neither can be seen, as in a /proc of processes alone (subset=pid).
   */
  readDelayAccounting(): boolean | null {
    const text = readSmallFile(`${this.#root}/sys/kernel/task_delayacct`);
    if (text !== null) return text.trim() !== "0";
    const options = this.#readBootOptions();
    return options && !options.includes("nodelayacct");
  }

  /** Delay accounting was on before the first task: by the boot option, or because the kernel has no switch for it. */
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
   * Whether the ids in it are those of our own system calls. A /proc of another pid namespace, as after `unshare -pf`
   * or `nsenter -p` alone, knows us by another id, or not at all: there a number means one task to it and another one,
   * or none, to the kernel that we ask.
   */
  get hasOwnIds(): boolean {
    return (this.#hasOwnIds ??=
      parseOwnPid(readSmallFile(`${this.#root}/self/status`) ?? "") ===
      process.pid);
  }

  /**
   * The id given out last in our pid namespace, to a process or a thread: while it stays, none has begun (but for one
   * restored with an id of its own choice). NaN if it cannot be told.
   */
  readLastPid(): number {
    return parseLastPid(readSmallFile(`${this.#root}/loadavg`) ?? "");
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
   * Time since boot, sleep included, seconds: by the clock that start times are of, which can be read also where there
   * is no /proc/uptime, or that of a container.
   */
  readUptimeS(): number {
    libc().call.clock_gettime(CLOCK_BOOTTIME, this.#time);
    const time = this.#time;
    return time[1]! * 2 ** 32 + time[0]! + time[2]! / 1e9;
  }

  /**
   * Whether a list of processes lacks some that are there: the first process of a pid namespace is there for as long as
   * the namespace is, so that a list without it is of a /proc that hides tasks from us (hidepid).
   */
  hidesProcesses(listed: NumberList): boolean {
    return listed.length === 0 || listed.get(0) !== 1;
  }

  /** Tasks of the machine; null in another pid namespace than the first, for which the kernel does not count them. */
  readTaskTotal(): number | null {
    if (!isInitialPidNamespace(`${this.#root}/self/ns/pid`)) return null;
    return parseTaskTotal(readSmallFile(`${this.#root}/loadavg`) ?? "");
  }

  /** Of a task that a system call finds by the id that is in this /proc; null if it is gone. */
  readIoPriority(tid: number): IoPriorityValue | null {
    return this.hasOwnIds ? readIoPriority(tid) : null;
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

/** The CPUs that can ever be there, as the kernel writes them: "0-7"; null without /sys. */
export function readPossibleCpus(): string | null {
  return readSmallFile("/sys/devices/system/cpu/possible")?.trim() || null;
}
