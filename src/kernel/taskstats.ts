/** The kernel's report about one task (struct taskstats in linux/taskstats.h), decoded. */

/**
 * One decoded struct, overwritten by the next: decoding allocates nothing. A field that the kernel's version lacks is
 * NaN.
 */
export class TaskstatsRecord {
  tid = NaN;
  /** Process id; NaN before version 12. */
  tgid = NaN;
  ppid = NaN;
  uid = NaN;
  /** As wait(2) encodes it. */
  exitCode = NaN;
  elapsedUs = NaN;
  /** Age of the process; NaN before version 12. */
  processElapsedUs = NaN;
  /**
   * How often the task, or any task of the process, was put on a CPU. Together with `cpuRunNs`, it changes whenever the
   * task has run.
   */
  cpuCount = NaN;
  cpuRunNs = NaN;
  /** 0 for a task without memory of its own: a kernel thread. */
  peakVirtualKiB = NaN;
  /** In exit messages: 1 for the last task of its process (AGROUP), 0 for others; NaN before version 12. */
  isLast = NaN;
  /** In the exit message of the last task of its process: whether the process had other tasks. */
  hadThreads = false;
  /** The counters that the decoder was given, in that order. */
  readonly counters: Float64Array;
  /** Four words of the task's name, NUL-padded, for a quick comparison. */
  comm0 = 0;
  comm1 = 0;
  comm2 = 0;
  comm3 = 0;

  constructor(counterCount: number) {
    this.counters = new Float64Array(counterCount).fill(NaN);
  }
}

/** Makes a copy that the next decoding does not overwrite. */
export function copyRecord(record: TaskstatsRecord): TaskstatsRecord {
  const copy = new TaskstatsRecord(record.counters.length);
  const { counters, ...fields } = record;
  copy.counters.set(counters);
  return Object.assign(copy, fields);
}

const nameWords = new Uint32Array(new ArrayBuffer(16));
const nameBytes = Buffer.from(nameWords.buffer);
/** Ten thousand tasks have a few hundred names. */
const names = new Map<string, string>();
const MAX_NAMES = 4096;

/** The name in a record. Bytes that are not UTF-8 become U+FFFD. */
export function commOf(record: TaskstatsRecord): string {
  nameWords[0] = record.comm0;
  nameWords[1] = record.comm1;
  nameWords[2] = record.comm2;
  nameWords[3] = record.comm3;
  let end = 0;
  while (end < 16 && nameBytes[end] !== 0) end++;
  const name = nameBytes.toString("utf8", 0, end);
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= MAX_NAMES) names.clear();
  names.set(name, name);
  return name;
}

/** The id of the kernel's first thread, which is in the initial namespaces of every kind, and starts all others. */
export const KTHREADD = 2;

/** Whether a task is a kernel thread, as far as its parent says. */
export const inKernel = (tid: number, { ppid }: TaskstatsRecord): boolean =>
  ppid === KTHREADD || tid === KTHREADD;
