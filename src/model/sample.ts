/**
 * The data that every output reads. Pure types: no code.
 *
 * All of it is immutable. Anything that could not be observed is `null`, which never means 0.
 */
import type { CgroupDelta } from "./groups/cgroup-delta.ts";
import type { COUNTER_ENTRIES } from "./counters.ts";
import type { FileDelta } from "./files/file-delta.ts";

export type { Counter } from "./counters.ts";

/** Major version of the model. Adding a field keeps it; renaming, removing or changing a unit bumps it. */
export type ModelVersion = 1;

/** A quantity that the source could not observe. */
export type Unknown = null;

/** One life of one task (the kernel's word for a thread). The same object for as long as the task lives. */
export interface TaskInfo {
  /**
   * `${tid}.${startMs}`, followed by `+1`, `+2` ... for a thread that took over tid and start by execve: unique on this
   * boot.
   */
  readonly key: string;
  /** Kernel task id. Equal to `pid` for the main thread. */
  readonly tid: number;
  /** Thread group id: the usual process id. */
  readonly pid: number;
  /**
   * The same for all tasks of one process, and for no other process on this boot, even if its id is reused later.
   * Usually the `key` of the main thread.
   */
  readonly processKey: string;
  readonly ppid: number;
  /** When the task started, Unix ms. */
  readonly startMs: number;
  /**
   * The kernel's name of the task, at most 15 bytes, as of the newest sample. May hold control characters: format it
   * before printing.
   */
  readonly comm: string;
  readonly uid: number;
  /** True for threads of the kernel itself, which have no command line. */
  readonly isKernelThread: boolean;
  /** Login name, or the uid as text. Read on first use. */
  readonly user: string;
  /** Arguments; empty for kernel threads; null if the task ended before they were read. Read on first use. */
  readonly cmdline: readonly string[] | Unknown;
  /**
   * For a kernel thread, its full name and what it works for: "kworker/u8:1-events_unbound". It changes with the work,
   * so use `comm` to count by name. Null for all other tasks, and if it cannot be read. Read on first use, at most once
   * a sample.
   */
  readonly longName: string | Unknown;
  /** Read on first use, at most once a sample. */
  readonly ioPriority: IoPriority | Unknown;
  /** Path in the unified (v2) hierarchy, "/system.slice/ssh.service"; null if it cannot be read. Read on first use. */
  readonly cgroup: string | Unknown;
  /** True: it is that of the task that started this one, which ended before its own could be read. */
  readonly cgroupInherited: boolean;
  /**
   * One letter, as ps(1) has it; null if it cannot be read, and in recordings. Read on first use, at most once a
   * sample.
   */
  readonly state: string | Unknown;
}

export interface IoPriority {
  readonly class: "none" | "rt" | "be" | "idle";
  /** 0 (first) to 7 (last). */
  readonly level: number;
}

/** What one interval added: every counter, by its name. Tasks, processes, groups and the host have the same shape. */
export type IoDelta = {
  readonly [C in keyof typeof COUNTER_ENTRIES]: number | Unknown;
};

/**
 * One row: the I/O of one task, or one process, in the interval. A task that did nothing keeps the same row object from
 * sample to sample.
 */
export interface TaskDelta extends IoDelta {
  readonly task: TaskInfo;
  /**
   * Time that this row covers, ns: between the two readings of this task, or the sample's interval if it came or went.
   */
  readonly elapsedNs: number;
  /** Sums of all deltas since iotop began to watch. */
  readonly since: IoDelta;
  /**
   * All that the task has done since it began, before iotop began to watch too; unknown if it was not read. Of a
   * process: what its threads did, but not those that had ended before the watch.
   */
  readonly lifetime: Lifetime | Unknown;
  /** Tasks folded into this row: 1 in `threads`, living and ended threads of the process in `processes`. */
  readonly count: number;
  /** The task began in this interval. */
  readonly born: boolean;
  /** Set once, in the sample in which the task ended. */
  readonly exit: Exit | null;
  /** Bytes per second. */
  readonly readRate: number | Unknown;
  /** Bytes per second, minus cancelled writes, never below 0. */
  readonly writeRate: number | Unknown;
  /** Time spent waiting for I/O, in percent of the time; a sum over threads, so it can exceed 100. */
  readonly ioPercent: number | Unknown;
  readonly swapPercent: number | Unknown;
  /**
   * How long the task has been seen stuck in uninterruptible sleep (state D) without running, at the end of the
   * interval, ns; 0 if it is not; unknown if its state was not read. For a process: its longest stuck thread.
   */
  readonly blockedNs: number | Unknown;
}

/** The counters that are kept over a whole life. */
export type Lifetime = Pick<
  IoDelta,
  "readBytes" | "writeBytes" | "cancelledBytes"
>;

/** How a task ended; unknown if the kernel's message about it was lost or never came. */
export interface Exit {
  /** Exit status, 0 to 255. */
  readonly code: number | Unknown;
  /** The signal that ended the task, or 0. */
  readonly signal: number | Unknown;
}

/** All tasks together, ended ones included, and what the block layer did in the same interval. */
export interface HostDelta extends IoDelta {
  readonly since: IoDelta;
  /** Tasks alive at the end of the interval. */
  readonly tasks: number;
  /** What the block layer moved (`pgpgin`, `pgpgout` of /proc/vmstat), bytes. */
  readonly diskReadBytes: number | Unknown;
  readonly diskWriteBytes: number | Unknown;
  /** Share of the interval, 0 to 1, in which some or all tasks were stalled on I/O (/proc/pressure/io). */
  readonly pressure: Pressure | Unknown;
  /** Block devices, in the order of /proc/diskstats; unknown if they cannot be read, or the recording lacks them. */
  readonly devices: readonly DeviceDelta[] | Unknown;
  /** Whether the machine has swap space in use for swapping. */
  readonly hasSwap: boolean | Unknown;
}

/**
 * "stacked" lies on other devices: device mapper, md, a multipath head. "hidden" is a path of such a head. What is none
 * of all that is a "disk".
 */
export type DeviceKind =
  "disk" | "stacked" | "partition" | "loop" | "ram" | "zram" | "hidden";

/**
 * What one block device did in the interval. A counter is unknown if the device does not count (queue/iostats is 0), or
 * if another device had the name at the beginning of the interval.
 */
export interface DeviceDelta {
  /** "vda", "dm-0". */
  readonly name: string;
  /** What it is known as besides: "vg-root" of a mapping, the file of a loop device. May hold any character. */
  readonly label: string | null;
  readonly kind: DeviceKind;
  /** Names of the devices on which it lies: the disk of a partition, the disks of an array. */
  readonly liesOn: readonly string[];
  /** Counts in sums over devices. What lies on other devices does not: its bytes are theirs too. */
  readonly isPhysical: boolean;
  readonly readBytes: number | Unknown;
  readonly writeBytes: number | Unknown;
  /** Completed requests. */
  readonly reads: number | Unknown;
  readonly writes: number | Unknown;
  /** Time that the completed requests took; sums over requests. */
  readonly readNs: number | Unknown;
  readonly writeNs: number | Unknown;
  /** Time in which the device had a request. */
  readonly busyNs: number | Unknown;
  /** The same, times the number of requests that it had: divided by the interval, the mean length of the queue. */
  readonly queueNs: number | Unknown;
  /** Requests under way at the end of the interval. */
  readonly inFlight: number | Unknown;
}

export interface Pressure {
  readonly someRatio: number;
  readonly fullRatio: number;
}

/** Where the numbers come from. */
export interface Origin {
  readonly hostname: string;
  readonly bootId: string | Unknown;
  readonly accounting: "taskstats" | "procfs";
  /** kernel.task_delayacct: if it is off, the waits are unknown. */
  readonly delayAccounting: boolean | Unknown;
}

/** How far the sample can be trusted. All zero and `exitEvents` true if all is well. */
export interface Health {
  /** Tasks that iotop was not allowed to read, or to see; unknown if /proc hides an unknown number of tasks. */
  readonly denied: number | Unknown;
  /** Tasks that ended between being listed and being read, with no exit message. */
  readonly vanished: number;
  /** Overflows of the exit message buffer: each lost at least one message. */
  readonly lostExits: number;
  /** The kernel reports every task that exits. If false, what a task did after its last reading is missing. */
  readonly exitEvents: boolean;
  /** How long taking the sample took, ns. */
  readonly scanNs: number;
}

export interface Sample {
  readonly version: ModelVersion;
  /** 1, 2, 3 ... A gap means that a slow output was given merged samples. */
  readonly seq: number;
  /** End of the interval, Unix ms. A label: never subtract two of them. */
  readonly timeMs: number;
  /** Time since boot at the end of the interval, seconds. */
  readonly uptimeS: number;
  /** Monotonic length of the interval, ns. */
  readonly intervalNs: number;
  readonly origin: Origin;
  readonly host: HostDelta;
  /** Every task that lived at any time in the interval. Unsorted. */
  readonly threads: readonly TaskDelta[];
  /** `threads` folded by process. Computed on first use, shared by all outputs. */
  readonly processes: readonly TaskDelta[];
  /**
   * By `processKey`: what is known of a process besides its rows. `foldThreads` needs it. A process without ended
   * or unseen threads, as nearly all are, is not included.
   */
  readonly endedThreads: ReadonlyMap<string, EndedThreads>;
  /** By process and file; unknown unless it was asked for (--files). Unsorted. */
  readonly files: readonly FileDelta[] | Unknown;
  /**
   * What the kernel counted for the cgroups of tasks that did something in the last minute, and for those above them.
   * Unknown unless it was asked for, and where less than a second has passed. Unsorted.
   */
  readonly cgroups: readonly CgroupDelta[] | Unknown;
  /** Tasks without a row: none in a live sample; in a replayed one, the tasks that its recording does not list. */
  readonly unlisted: Unlisted;
  /**
   * The sample as recorded, if the file holds several runs: there `since` starts again with each run, and here it goes
   * on. Null if nothing was carried on. Outputs that write recordings write this one, as `toRecord` does.
   */
  readonly recorded: Sample | null;
  readonly health: Health;
}

/** Threads of a living process that have no row in the sample. */
export interface EndedThreads {
  /**
   * The I/O of threads that ended before this sample, since watching began: the part of the process's `since` that no
   * row of `threads` includes any more.
   */
  readonly since: IoDelta;
  /** The same since these threads began; unknown if it was not read. */
  readonly lifetime: Lifetime | Unknown;
  /** The number of these threads. */
  readonly count: number;
  /** The process lives although all its threads in the sample have ended: another one has not been read yet. */
  readonly hasUnseenThread: boolean;
}

/** Tasks without a row. */
export interface Unlisted {
  /** How many of them are alive; unknown if the recording does not say so. */
  readonly tasks: number | Unknown;
  /** Their I/O together; unknown where none of them had a known value. */
  readonly io: IoDelta;
}

export type StopReason =
  "count" | "quit" | "signal" | "end-of-input" | "broken-pipe" | "error";

/** The whole run, for `close`. */
export interface Summary {
  readonly reason: StopReason;
  readonly samples: number;
  /** Sum of the intervals, ns. */
  readonly durationNs: number;
  /** Sums over the run; null if no sample was taken. */
  readonly host: HostDelta | null;
}
