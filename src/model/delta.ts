/** Arithmetic on rows, and the only definitions of rates and percentages. */
import type {
  Counter,
  Exit,
  IoDelta,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "./sample.ts";

/** All counters, in the order of the public interface. */
export const COUNTERS = [
  "readBytes",
  "writeBytes",
  "cancelledBytes",
  "logicalReadBytes",
  "logicalWriteBytes",
  "readCalls",
  "writeCalls",
  "ioWaitNs",
  "swapWaitNs",
] as const satisfies readonly Counter[];

/**
 * Sum of two observations; unknown only if both are. So is every sum over tasks, threads, groups or samples: it is the
 * sum of what could be read, never dropped because something else could not, and unknown, not 0, if nothing could. How
 * many tasks are missing in it, the sample's `health` says.
 */
export function addCounters(
  a: number | Unknown,
  b: number | Unknown,
): number | Unknown {
  if (a === null) return b;
  return b === null ? a : a + b;
}

/** A sum that is being built. */
export type MutableIoDelta = { -readonly [K in Counter]: IoDelta[K] };

/** Nothing observed yet: the neutral element of `addInto`. */
export function unknownDelta(): MutableIoDelta {
  return {
    readBytes: null,
    writeBytes: null,
    cancelledBytes: null,
    logicalReadBytes: null,
    logicalWriteBytes: null,
    readCalls: null,
    writeCalls: null,
    ioWaitNs: null,
    swapWaitNs: null,
  };
}

/** Observed, and nothing happened. */
export function zeroDelta(): MutableIoDelta {
  const io = unknownDelta();
  for (const counter of COUNTERS) io[counter] = 0;
  return io;
}

export function addInto(sum: MutableIoDelta, io: IoDelta): void {
  sum.readBytes = addCounters(sum.readBytes, io.readBytes);
  sum.writeBytes = addCounters(sum.writeBytes, io.writeBytes);
  sum.cancelledBytes = addCounters(sum.cancelledBytes, io.cancelledBytes);
  sum.logicalReadBytes = addCounters(sum.logicalReadBytes, io.logicalReadBytes);
  sum.logicalWriteBytes = addCounters(
    sum.logicalWriteBytes,
    io.logicalWriteBytes,
  );
  sum.readCalls = addCounters(sum.readCalls, io.readCalls);
  sum.writeCalls = addCounters(sum.writeCalls, io.writeCalls);
  sum.ioWaitNs = addCounters(sum.ioWaitNs, io.ioWaitNs);
  sum.swapWaitNs = addCounters(sum.swapWaitNs, io.swapWaitNs);
}

export function addDeltas(a: IoDelta, b: IoDelta): IoDelta {
  const sum = unknownDelta();
  addInto(sum, a);
  addInto(sum, b);
  return sum;
}

export function sumDeltas(deltas: Iterable<IoDelta>): IoDelta {
  const sum = unknownDelta();
  for (const io of deltas) addInto(sum, io);
  return sum;
}

/** Whether nothing was observed to happen. The time of such a row means nothing: it is kept from sample to sample. */
export function isIdle(io: IoDelta): boolean {
  return !(
    io.readBytes ||
    io.writeBytes ||
    io.cancelledBytes ||
    io.logicalReadBytes ||
    io.logicalWriteBytes ||
    io.readCalls ||
    io.writeCalls ||
    io.ioWaitNs ||
    io.swapWaitNs
  );
}

/** Bytes written less those cancelled, never below 0: iotop's DISK WRITE since 2007. */
export function netWriteBytes(io: IoDelta): number | Unknown {
  if (io.writeBytes === null) return null;
  return Math.max(0, io.writeBytes - (io.cancelledBytes ?? 0));
}

export function perSecond(
  amount: number | Unknown,
  elapsedNs: number,
): number | Unknown {
  if (amount === null) return null;
  return elapsedNs > 0 ? (amount * 1e9) / elapsedNs : 0;
}

export function percentOf(
  waitNs: number | Unknown,
  elapsedNs: number,
): number | Unknown {
  if (waitNs === null) return null;
  return elapsedNs > 0 ? (waitNs * 100) / elapsedNs : 0;
}

export interface RowInit {
  readonly task: TaskInfo;
  readonly io: IoDelta;
  readonly elapsedNs: number;
  readonly since: IoDelta;
  readonly count: number;
  readonly born: boolean;
  readonly exit: Exit | null;
}

/** The one implementation of TaskDelta. */
export class Row implements TaskDelta {
  readonly task: TaskInfo;
  readonly elapsedNs: number;
  readonly since: IoDelta;
  readonly count: number;
  readonly born: boolean;
  readonly exit: Exit | null;
  readonly readBytes: number | Unknown;
  readonly writeBytes: number | Unknown;
  readonly cancelledBytes: number | Unknown;
  readonly logicalReadBytes: number | Unknown;
  readonly logicalWriteBytes: number | Unknown;
  readonly readCalls: number | Unknown;
  readonly writeCalls: number | Unknown;
  readonly ioWaitNs: number | Unknown;
  readonly swapWaitNs: number | Unknown;

  constructor(init: RowInit) {
    const { io } = init;
    this.task = init.task;
    this.elapsedNs = init.elapsedNs;
    this.since = init.since;
    this.count = init.count;
    this.born = init.born;
    this.exit = init.exit;
    this.readBytes = io.readBytes;
    this.writeBytes = io.writeBytes;
    this.cancelledBytes = io.cancelledBytes;
    this.logicalReadBytes = io.logicalReadBytes;
    this.logicalWriteBytes = io.logicalWriteBytes;
    this.readCalls = io.readCalls;
    this.writeCalls = io.writeCalls;
    this.ioWaitNs = io.ioWaitNs;
    this.swapWaitNs = io.swapWaitNs;
  }

  get readRate(): number | Unknown {
    return perSecond(this.readBytes, this.elapsedNs);
  }
  get writeRate(): number | Unknown {
    return perSecond(netWriteBytes(this), this.elapsedNs);
  }
  get ioPercent(): number | Unknown {
    return percentOf(this.ioWaitNs, this.elapsedNs);
  }
  get swapPercent(): number | Unknown {
    return percentOf(this.swapWaitNs, this.elapsedNs);
  }
}
