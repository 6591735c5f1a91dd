/**
 * The taskstats family (linux/taskstats.h; Documentation/accounting/taskstats.rst): requests for the counters of a
 * task or of a whole process, and the decoding of replies and of exit messages.
 */
import {
  ATTRIBUTE_HEADER_BYTES,
  AttributeCursor,
  NLM_F_REQUEST,
  NLMSG_HEADER_BYTES,
} from "./netlink.ts";
import { GENL_HEADER_BYTES, genlHeader } from "./genetlink.ts";
import {
  taskstatsLayout,
  type TaskstatsField,
  type TaskstatsLayout,
} from "./taskstats-layout.ts";

export const TASKSTATS_FAMILY = "TASKSTATS";
export const TASKSTATS_CMD_GET = 1;
export const TASKSTATS_CMD_ATTR_PID = 1;
export const TASKSTATS_CMD_ATTR_TGID = 2;
export const TASKSTATS_CMD_ATTR_REGISTER_CPUMASK = 3;
export const TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK = 4;
const TASKSTATS_TYPE_PID = 1;
const TASKSTATS_TYPE_TGID = 2;
const TASKSTATS_TYPE_STATS = 3;
const TASKSTATS_TYPE_AGGR_PID = 4;
const TASKSTATS_TYPE_AGGR_TGID = 5;

const REQUEST_BYTES =
  NLMSG_HEADER_BYTES + GENL_HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + 4;

/** What a request names: one task, or the sum over the tasks of a process. */
export type RequestKind =
  typeof TASKSTATS_CMD_ATTR_PID | typeof TASKSTATS_CMD_ATTR_TGID;

/** Requests for many tasks in one buffer: the kernel walks all messages of one `send`, which halves the cost of a task. */
export class TaskstatsRequests {
  readonly capacity: number;
  readonly bytes: Uint8Array;
  readonly #words: Uint32Array;
  count = 0;

  constructor(family: number, capacity: number) {
    this.capacity = capacity;
    const memory = new ArrayBuffer(capacity * REQUEST_BYTES);
    this.bytes = new Uint8Array(memory);
    this.#words = new Uint32Array(memory);
    for (let i = 0; i < capacity; i++) {
      const word = (i * REQUEST_BYTES) >> 2;
      this.#words[word] = REQUEST_BYTES;
      this.#words[word + 1] = (NLM_F_REQUEST << 16) | family;
      this.#words[word + 4] = genlHeader(TASKSTATS_CMD_GET, 1);
    }
  }

  get length(): number {
    return this.count * REQUEST_BYTES;
  }

  clear(): void {
    this.count = 0;
  }

  add(kind: RequestKind, id: number, sequence: number): void {
    const word = (this.count++ * REQUEST_BYTES) >> 2;
    this.#words[word + 2] = sequence;
    this.#words[word + 5] = (kind << 16) | 8;
    this.#words[word + 6] = id;
  }
}

/**
 * One decoded struct, overwritten by the next: decoding allocates nothing. A field that the kernel's version does not
 * have is NaN.
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
  /** Of the process; NaN before version 12. */
  processElapsedUs = NaN;
  /** How often the task, or any of the process, was put on a CPU; with `cpuRunNs` the fingerprint of having run at all. */
  cpuCount = NaN;
  cpuRunNs = NaN;
  /** 0 for a task without memory of its own: a kernel thread. */
  peakVirtualKiB = NaN;
  /** In exit messages: 1 for the last task of its process (AGROUP), 0 for others; NaN before version 12. */
  isLast = NaN;
  /** In the exit message of the last task of its process: there were others. */
  hadThreads = false;
  /** The counters that the decoder was asked for, in that order. */
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

/** A record that outlives the next decoding. */
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

/** The name in a record. Bytes that are no UTF-8 become U+FFFD. */
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

/** ac_flag of linux/acct.h: the last task of its process. */
const AGROUP = 0x20;

/** For each counter of a record, the field (a u64) that it is read from, or null: it stays unknown. */
export type CounterFields = readonly (TaskstatsField | null)[];

const HIGH = 0x1_0000_0000;

const u32 = (words: Uint32Array, base: number, field: number): number =>
  field < 0 ? NaN : words[base + field]!;

/** Reads u64 as two words: exact to 2^53, and the struct is only 4-byte aligned. */
const u64 = (words: Uint32Array, base: number, field: number): number =>
  field < 0 ? NaN : words[base + field]! + words[base + field + 1]! * HIGH;

/** Decodes the struct that lies between two byte offsets. */
export class TaskstatsDecoder {
  readonly #counters: CounterFields;
  /** Of each counter, its word in the struct, or -1. */
  readonly #counterFields: Int32Array;
  #layout: TaskstatsLayout = taskstatsLayout(0, 0);
  #version = -1;
  #length = -1;

  constructor(counters: CounterFields) {
    this.#counters = counters;
    this.#counterFields = new Int32Array(counters.length).fill(-1);
  }

  decode(
    words: Uint32Array,
    start: number,
    end: number,
    record: TaskstatsRecord,
  ): void {
    const base = start >> 2;
    const length = end - start;
    const version = length >= 2 ? words[base]! & 0xffff : 0;
    if (version !== this.#version || length !== this.#length)
      this.#layOut(version, length);
    const at = this.#layout;
    const { counters } = record;
    record.tid = u32(words, base, at.ac_pid);
    record.tgid = u32(words, base, at.ac_tgid);
    record.ppid = u32(words, base, at.ac_ppid);
    record.uid = u32(words, base, at.ac_uid);
    record.exitCode = u32(words, base, at.ac_exitcode);
    record.elapsedUs = u64(words, base, at.ac_etime);
    record.processElapsedUs = u64(words, base, at.ac_tgetime);
    // Told since the version that tells the process id.
    record.isLast =
      at.ac_tgid < 0 ? NaN : (u32(words, base, at.ac_flag) & AGROUP) / AGROUP;
    record.cpuCount = u64(words, base, at.cpu_count);
    record.cpuRunNs = u64(words, base, at.cpu_run_virtual_total);
    record.peakVirtualKiB = u64(words, base, at.hiwater_vm);
    const counterFields = this.#counterFields;
    for (let i = 0; i < counterFields.length; i++)
      counters[i] = u64(words, base, counterFields[i]!);
    const comm = at.ac_comm < 0 ? -1 : base + at.ac_comm;
    record.comm0 = comm < 0 ? 0 : words[comm]!;
    record.comm1 = comm < 0 ? 0 : words[comm + 1]!;
    record.comm2 = comm < 0 ? 0 : words[comm + 2]!;
    record.comm3 = comm < 0 ? 0 : words[comm + 3]!;
  }

  #layOut(version: number, length: number): void {
    this.#layout = taskstatsLayout(version, length);
    this.#version = version;
    this.#length = length;
    for (const [i, field] of this.#counters.entries())
      this.#counterFields[i] = field === null ? -1 : this.#layout[field];
  }
}

/**
 * Finds the structs in one message: a reply carries one, the exit message of the last thread of a process two.
 *
 * After `next` returned true, `isProcess` tells a sum over a process from a single task, `id` is the tid or pid that the
 * kernel named, and `start` and `end` are the byte offsets of the struct.
 */
export class TaskstatsCursor {
  readonly #outer = new AttributeCursor();
  readonly #inner = new AttributeCursor();
  #words: Uint32Array = new Uint32Array(0);
  isProcess = false;
  id = 0;
  start = 0;
  end = 0;

  /** @param start byte offset of the payload behind the netlink header */
  reset(words: Uint32Array, start: number, end: number): void {
    this.#words = words;
    this.#outer.reset(words, start + GENL_HEADER_BYTES, end);
  }

  next(): boolean {
    const outer = this.#outer;
    while (outer.next()) {
      if (
        outer.type !== TASKSTATS_TYPE_AGGR_PID &&
        outer.type !== TASKSTATS_TYPE_AGGR_TGID
      )
        continue;
      this.isProcess = outer.type === TASKSTATS_TYPE_AGGR_TGID;
      if (this.#readAggregate(outer.start, outer.end)) return true;
    }
    return false;
  }

  #readAggregate(start: number, end: number): boolean {
    const inner = this.#inner;
    let named = false;
    inner.reset(this.#words, start, end);
    while (inner.next()) {
      if (inner.type === TASKSTATS_TYPE_STATS) {
        this.start = inner.start;
        this.end = inner.end;
        return named;
      }
      if (
        (inner.type === TASKSTATS_TYPE_PID ||
          inner.type === TASKSTATS_TYPE_TGID) &&
        inner.end - inner.start >= 4
      ) {
        this.id = this.#words[inner.start >> 2]!;
        named = true;
      }
    }
    return false;
  }
}
