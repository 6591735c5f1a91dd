/** Arithmetic on rows, and the only definitions of rates and percentages. */
import { COUNTERS, WAITS, type Counter } from "./counters.ts";
import type {
  Exit,
  IoDelta,
  Lifetime,
  TaskDelta,
  TaskInfo,
  Unknown,
} from "./sample.ts";
import { compile, eachCounter } from "./unroll.ts";

/**
 * The sum of two amounts; unknown only if both are. Every sum over tasks, threads, groups or samples follows this rule.
 * It adds up what could be read, so one unreadable value does not make the sum unknown. It is unknown, not 0, if
 * nothing could be read. The sample's `health` says how many tasks are missing.
 */
export function addCounters(
  a: number | Unknown,
  b: number | Unknown,
): number | Unknown {
  if (a === null) return b;
  return b === null ? a : a + b;
}

/** The sum of two amounts that are to be divided by the time of both, or to be complete: unknown if either is. */
export function addKnown(
  a: number | Unknown,
  b: number | Unknown,
): number | Unknown {
  return a === null || b === null ? null : a + b;
}

/** The longer of two times; unknown only if both are. */
export function longest(
  a: number | Unknown,
  b: number | Unknown,
): number | Unknown {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** A sum under construction: all its counters can be set. */
export type MutableIoDelta = { -readonly [C in Counter]: IoDelta[C] };

/** A new sum of nothing, with every counter unknown: the start for `addInto`. */
export const unknownDelta = compile<() => MutableIoDelta>(
  `() => ({ ${eachCounter((counter) => `${counter}: null,`)} })`,
);

/** Observed, and nothing happened; counters that could not be observed are unknown. */
export function zeroDelta(
  isKnown: (counter: Counter) => boolean = () => true,
): MutableIoDelta {
  const io = unknownDelta();
  for (const counter of COUNTERS) if (isKnown(counter)) io[counter] = 0;
  return io;
}

/** The waits of one, and all other counters of another. */
export const withWaits = compile<(io: IoDelta, waits: IoDelta) => IoDelta>(
  `(io, waits) => ({
    ${eachCounter((counter) => `${counter}: ${WAITS.includes(counter) ? "waits" : "io"}.${counter},`)}
  })`,
);

/**
 * Adds the counters of a row to a sum under construction, in place, by the rule of `addCounters`: written out, because
 * a call for each counter of each row takes twice as long.
 */
export const addInto = compile<(sum: MutableIoDelta, io: IoDelta) => void>(
  `(sum, io) => {
    ${eachCounter(
      (counter) => `if (io.${counter} !== null)
        sum.${counter} = sum.${counter} === null ? io.${counter} : sum.${counter} + io.${counter};`,
    )}
  }`,
);

/** Sum of two rows or sums, counter by counter, as a new object. */
export function addDeltas(a: IoDelta, b: IoDelta): IoDelta {
  const sum = unknownDelta();
  addInto(sum, a);
  addInto(sum, b);
  return sum;
}

/** Sum of any number of rows or sums, counter by counter, as a new object. */
export function sumDeltas(deltas: Iterable<IoDelta>): IoDelta {
  const sum = unknownDelta();
  for (const io of deltas) addInto(sum, io);
  return sum;
}

/** A sum of lifetimes under construction. */
export type MutableLifetime = { -readonly [C in keyof Lifetime]: Lifetime[C] };

/** The sum of two lifetimes, by the rule of `addCounters`. */
export function addLifetimes(
  a: Lifetime | Unknown,
  b: Lifetime | Unknown,
): Lifetime | Unknown {
  if (a === null || b === null) return a ?? b;
  return addLifetimeInto({ ...a }, b);
}

/** The same in place: `sum` with another one added, or a copy of that if there was no sum yet. */
export function addLifetimeInto(
  sum: MutableLifetime | Unknown,
  lifetime: Lifetime | Unknown,
): MutableLifetime | Unknown {
  if (lifetime === null) return sum;
  if (sum === null) return { ...lifetime };
  sum.readBytes = addCounters(sum.readBytes, lifetime.readBytes);
  sum.writeBytes = addCounters(sum.writeBytes, lifetime.writeBytes);
  sum.cancelledBytes = addCounters(sum.cancelledBytes, lifetime.cancelledBytes);
  return sum;
}

/**
 * A total minus a part of it, counter by counter, as a new object. A counter that the part does not know subtracts
 * nothing.
 *
 * @param isTold whether the remainder of a counter could be observed at all: if not, a remainder of 0 would be a guess
 */
export function remainderOf(
  total: IoDelta,
  part: IoDelta,
  isTold: (counter: Counter) => boolean = () => true,
): IoDelta {
  const rest = unknownDelta();
  for (const counter of COUNTERS) {
    const whole = total[counter];
    if (whole === null) continue;
    const left = whole - (part[counter] ?? 0);
    if (left !== 0 || isTold(counter)) rest[counter] = left;
  }
  return rest;
}

/**
 * Whether nothing was observed to happen in a row. The elapsed time of such a row has no meaning, since the row is kept
 * from sample to sample.
 */
export const isIdle = compile<(io: IoDelta) => boolean>(
  `(io) => !(${COUNTERS.map((counter) => `io.${counter}`).join(" || ")})`,
);

/** Bytes written minus cancelled ones, never below 0: iotop's DISK WRITE since 2007. */
export function netWriteBytes(
  io: Pick<IoDelta, "writeBytes" | "cancelledBytes">,
): number | Unknown {
  if (io.writeBytes === null) return null;
  return Math.max(0, io.writeBytes - (io.cancelledBytes ?? 0));
}

/**
 * Bytes read and written, without subtracting cancelled ones, so that sums never shrink. Unknown values count as
 * nothing.
 */
export function grossBytes({ readBytes, writeBytes }: IoDelta): number {
  return (readBytes ?? 0) + (writeBytes ?? 0);
}

/** Bytes read plus bytes written minus cancelled ones; unknown if both are. */
export function netBytes(
  io: Pick<IoDelta, "readBytes" | "writeBytes" | "cancelledBytes">,
): number | Unknown {
  return addCounters(io.readBytes, netWriteBytes(io));
}

/** An amount per second, from the time that it covers; 0 if that time is 0. */
export function perSecond(
  amount: number | Unknown,
  elapsedNs: number,
): number | Unknown {
  if (amount === null) return null;
  return elapsedNs > 0 ? (amount * 1e9) / elapsedNs : 0;
}

/** A wait in percent of the time that it covers, not capped; 0 if that time is 0. */
export function percentOf(
  waitNs: number | Unknown,
  elapsedNs: number,
): number | Unknown {
  if (waitNs === null) return null;
  return elapsedNs > 0 ? (waitNs * 100) / elapsedNs : 0;
}

export interface RowInit extends Pick<
  TaskDelta,
  "task" | "elapsedNs" | "since" | "count" | "born" | "exit" | "blockedNs"
> {
  readonly io: IoDelta;
  /** Unknown unless it is given. */
  readonly lifetime?: Lifetime | Unknown;
}

/** An object with its own counters. All have the same shape, whatever they are copied from. */
const Counted = compile<new (io: IoDelta) => IoDelta>(
  `class {
    constructor(io) {
      ${eachCounter((counter) => `this.${counter} = io.${counter};`)}
    }
  }`,
);

/** The one implementation of TaskDelta. */
export class Row extends Counted implements TaskDelta {
  readonly task: TaskInfo;
  readonly elapsedNs: number;
  readonly since: IoDelta;
  readonly count: number;
  readonly born: boolean;
  readonly exit: Exit | null;
  readonly blockedNs: number | Unknown;
  readonly lifetime: Lifetime | Unknown;

  constructor(init: RowInit) {
    super(init.io);
    this.task = init.task;
    this.elapsedNs = init.elapsedNs;
    this.since = init.since;
    this.count = init.count;
    this.born = init.born;
    this.exit = init.exit;
    this.blockedNs = init.blockedNs;
    this.lifetime = init.lifetime ?? null;
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
