/** /proc of a fake Linux, for a sampler that reads counters through taskstats. */
import type { NumberList } from "../../../src/kernel/files.ts";
import type {
  BlockTotals,
  PressureTotals,
  ProcIo,
  ProcStat,
} from "../../../src/kernel/procfs-parse.ts";
import type { IoPriorityValue } from "../../../src/kernel/io-priority.ts";
import { Procfs } from "../../../src/kernel/procfs.ts";
import type { FakeLinux } from "./fake-linux.ts";
import type { FakeTask } from "./fake-linux-tasks.ts";

const PF_EXITING = 0x4;
const PF_KTHREAD = 0x00200000;

export class FakeProcfs extends Procfs {
  readonly #linux: FakeLinux;
  block: BlockTotals | null = { readBytes: 0, writeBytes: 0 };
  pressure: PressureTotals | null = null;
  /** /proc is mounted with hidepid. */
  hidesTasks = false;
  /** Processes of which nothing is shown but that they are there. */
  readonly barred = new Set<number>();
  /** As the kernel counts them, but for tests of a machine with others. */
  taskTotal: number | null | "counted" = "counted";
  /** Those that are in state D. */
  readonly stuck = new Set<FakeTask>();
  showsNoStates = false;
  hasNoRunCounts = false;
  /** A state is about to be read. It is after the scan, so that it makes no new races for histories. */
  onReadState: (tid: number) => void = () => {};
  /** How many states were read. */
  looks = 0;
  /** Directories listed, for tests of cost. */
  listed = { processes: 0, threads: 0 };

  constructor(linux: FakeLinux) {
    super("/nonexistent");
    this.#linux = linux;
  }

  override listProcesses(into: NumberList): void {
    this.#linux.beginWatch();
    this.#linux.look("list /proc");
    this.listed.processes++;
    into.clear();
    for (const pid of [...this.#linux.processes.keys()].sort((a, b) => a - b))
      into.push(pid);
  }

  override listThreads(
    pid: number,
    into: NumberList,
  ): "listed" | "gone" | "denied" {
    this.#linux.look(`list threads ${pid}`);
    this.listed.threads++;
    const process = this.#linux.processes.get(pid);
    if (process === undefined) return "gone";
    if (this.barred.has(pid)) return "denied";
    into.clear();
    into.push(process.main.tid);
    for (const task of process.tasks) if (!task.isMain) into.push(task.tid);
    return "listed";
  }

  override readLastPid(): number {
    this.#linux.look("last pid");
    return this.#linux.pids.last;
  }

  override isTask(id: number): boolean {
    this.#linux.look(`task ${id}`);
    return this.#linux.tasks.has(id);
  }

  override readStat(tid: number): ProcStat | null {
    this.#linux.look(`read stat ${tid}`);
    const task = this.#linux.tasks.get(tid);
    return task === undefined ? null : statOf(task);
  }

  override readState(tid: number): string | null {
    this.looks++;
    this.onReadState(tid);
    const task = this.#linux.tasks.get(tid);
    if (task === undefined || this.showsNoStates) return null;
    if (task.hasEnded) return "Z";
    return this.stuck.has(task) ? "D" : "S";
  }
  override readRunCount(tid: number): number {
    if (this.hasNoRunCounts) return NaN;
    return this.#linux.tasks.get(tid)?.cpuCount ?? NaN;
  }
  override readTaskIo(): ProcIo | null {
    return null;
  }
  override readUid(tid: number): number | null {
    return this.#linux.tasks.get(tid)?.process.uid ?? null;
  }
  override readCmdline(tid: number): readonly string[] | null {
    const task = this.#linux.tasks.get(tid);
    if (task === undefined) return null;
    return task.hasEnded ? [] : [`/bin/${task.process.main.comm}`];
  }
  override readLongName(tid: number): string | null {
    return this.#linux.tasks.get(tid)?.comm ?? null;
  }
  override readCgroup(tid: number): string | null {
    return this.#linux.tasks.has(tid) ? "/fake.slice" : null;
  }
  override readIoPriority(tid: number): IoPriorityValue | null {
    return this.#linux.tasks.has(tid) ? { class: "be", level: 4 } : null;
  }
  override readBlockTotals(): BlockTotals | null {
    return this.block;
  }
  override readPressure(): PressureTotals | null {
    return this.pressure;
  }
  override readHasSwap(): boolean | null {
    return null;
  }
  override readDelayAccounting(): boolean {
    return this.#linux.delayAccounting;
  }
  override readWaitsSinceBoot(): boolean {
    return this.#linux.delayAccounting;
  }
  override readPidMax(): number {
    return this.#linux.pids.max;
  }
  override readHostname(): string {
    return "fake";
  }
  override hidesProcesses(): boolean {
    return this.hidesTasks;
  }
  override readTaskTotal(): number | null {
    return this.taskTotal === "counted"
      ? this.#linux.tasks.size
      : this.taskTotal;
  }
  override readBootId(): string {
    return "00000000-0000-4000-8000-000000000000";
  }
  override readUptimeS(): number {
    return (this.#linux.nowNs - 9e14) / 1e9;
  }
}

function statOf(task: FakeTask): ProcStat {
  return {
    comm: task.comm,
    state: task.isZombie ? "Z" : "S",
    ppid: task.process.ppid,
    flags:
      (task.hasEnded ? PF_EXITING : 0) | (task.isKernelThread ? PF_KTHREAD : 0),
    threadCount: 1,
    startTicks: Math.floor(task.startNs / 1e7),
    blockIoTicks: 0,
  };
}
