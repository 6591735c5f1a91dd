/**
 * What is counted for every task: each counter is declared here alone. Types, arithmetic, readers, records and the
 * documentation of both follow from it. A new counter needs an entry at the end and, if taskstats has it, the offset of
 * its field in src/kernel/taskstats-layout.ts.
 */
interface CounterEntry {
  /** Its key in JSON lines. */
  readonly key: string;
  readonly unit: "bytes" | "calls" | "ns";
  /**
   * The field of struct taskstats that holds it (linux/taskstats.h); null: it comes from elsewhere, or from nowhere.
   */
  readonly taskstats: string | null;
  /** The same for /proc/PID/task/TID/io. */
  readonly procIo: string | null;
  /** Whether it is device I/O or a wait: a task with any of these counts as active, for -o and in JSON lines. */
  readonly isActivity: boolean;
  /** Whether JSON lines also have it by time: bytes per second, or ns as a share of the time. */
  readonly isTimed: boolean;
  /** Whether JSON lines have its sum since iotop began to watch. */
  readonly isSummed: boolean;
  /** One sentence for the documents. */
  readonly about: string;
}

/** In the order of the public interface. */
export const COUNTER_ENTRIES = {
  readBytes: {
    key: "read_bytes",
    unit: "bytes",
    taskstats: "read_bytes",
    procIo: "read_bytes",
    isActivity: true,
    isTimed: true,
    isSummed: true,
    about: "Bytes fetched from storage; taskstats counts whole KiB per task.",
  },
  writeBytes: {
    key: "write_bytes",
    unit: "bytes",
    taskstats: "write_bytes",
    procIo: "write_bytes",
    isActivity: true,
    isTimed: true,
    isSummed: true,
    about:
      "Bytes sent to storage, or made dirty in memory to be sent later. Cancelled writes are not subtracted.",
  },
  cancelledBytes: {
    key: "cancelled_write_bytes",
    unit: "bytes",
    taskstats: "cancelled_write_bytes",
    procIo: "cancelled_write_bytes",
    isActivity: true,
    isTimed: false,
    isSummed: true,
    about:
      "Bytes of earlier writes that truncating or deleting made unnecessary.",
  },
  logicalReadBytes: {
    key: "logical_read_bytes",
    unit: "bytes",
    taskstats: "read_char",
    procIo: "rchar",
    isActivity: false,
    isTimed: false,
    isSummed: false,
    about:
      "Bytes that passed through read(2) and similar calls, from the page cache or not.",
  },
  logicalWriteBytes: {
    key: "logical_write_bytes",
    unit: "bytes",
    taskstats: "write_char",
    procIo: "wchar",
    isActivity: false,
    isTimed: false,
    isSummed: false,
    about: "Bytes that passed through write(2) and similar calls.",
  },
  readCalls: {
    key: "read_calls",
    unit: "calls",
    // read_syscalls and write_syscalls are rounded down to multiples of 1,024, so they are not counts of calls.
    taskstats: null,
    procIo: "syscr",
    isActivity: false,
    isTimed: false,
    isSummed: false,
    about:
      "Calls of read(2) and the like; null with taskstats, which rounds them.",
  },
  writeCalls: {
    key: "write_calls",
    unit: "calls",
    taskstats: null,
    procIo: "syscw",
    isActivity: false,
    isTimed: false,
    isSummed: false,
    about:
      "Calls of write(2) and the like; null with taskstats, which rounds them.",
  },
  ioWaitNs: {
    key: "io_delay_ns",
    unit: "ns",
    taskstats: "blkio_delay_total",
    // It is in /proc/PID/stat instead, in ticks.
    procIo: null,
    isActivity: true,
    isTimed: true,
    isSummed: false,
    about:
      "Time spent waiting for block I/O, added when a wait is over; a sum over threads.",
  },
  swapWaitNs: {
    key: "swapin_delay_ns",
    unit: "ns",
    taskstats: "swapin_delay_total",
    procIo: null,
    isActivity: true,
    isTimed: true,
    isSummed: false,
    about: "Time spent waiting for pages to be swapped in; a sum over threads.",
  },
} as const satisfies Readonly<Record<string, CounterEntry>>;

type Entries = typeof COUNTER_ENTRIES;

/** Name of a counter. */
export type Counter = keyof Entries;

/** Names of all counters of a row, in the order of the documents. */
export const COUNTERS: readonly Counter[] = Object.freeze(
  Object.keys(COUNTER_ENTRIES) as Counter[],
);

/** The index of each counter wherever counters are stored side by side. */
export const COUNTER = Object.fromEntries(
  COUNTERS.map((counter, place) => [counter, place]),
) as Readonly<Record<Counter, number>>;

const those = (isWanted: (entry: CounterEntry) => boolean) =>
  COUNTERS.filter((counter) => isWanted(COUNTER_ENTRIES[counter]));

/** Times spent waiting: known only while the kernel counts them (kernel.task_delayacct). */
export const WAITS = those(({ unit }) => unit === "ns");
export const WAIT_PLACES = WAITS.map((wait) => COUNTER[wait]);
export const ACTIVITIES = those(({ isActivity }) => isActivity);
export const TIMED = those(({ isTimed }) => isTimed);
export const SUMMED = those(({ isSummed }) => isSummed);

/** The kernel's name of each counter, by index. */
export const TASKSTATS_FIELDS = COUNTERS.map(
  (counter): Entries[Counter]["taskstats"] =>
    COUNTER_ENTRIES[counter].taskstats,
);
export const PROC_IO_FIELDS = COUNTERS.map(
  (counter): Entries[Counter]["procIo"] => COUNTER_ENTRIES[counter].procIo,
);

type Entry = Entries[Counter];

/** Keys of JSON lines, besides those of the counters themselves. */
export type CounterKey = Entry["key"];
export type RateKey =
  `${Extract<Entry, { unit: "bytes"; isTimed: true }>["key"]}_per_s`;
export type RatioKey = Extract<
  Entry,
  { unit: "ns"; isTimed: true }
>["key"] extends infer K
  ? K extends `${infer Name}_ns`
    ? `${Name}_ratio`
    : never
  : never;
export type SinceKey = `since_${Extract<Entry, { isSummed: true }>["key"]}`;
