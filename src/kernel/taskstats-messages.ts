/**
 * Decodes taskstats messages, both answers and exit messages, into reused records. A message carries one struct, or two
 * for the last thread of a process. `taskstats-layout.ts` has the offsets of a struct's fields.
 */
import type { DatagramBatch } from "./datagrams.ts";
import { GENL_HEADER_BYTES } from "./genetlink.ts";
import { AttributeCursor, MessageCursor, NLMSG_ERROR } from "./netlink.ts";
import {
  taskstatsLayout,
  type TaskstatsField,
  type TaskstatsLayout,
} from "./taskstats-layout.ts";
import { TaskstatsRecord } from "./taskstats.ts";

const TASKSTATS_TYPE_PID = 1;
const TASKSTATS_TYPE_TGID = 2;
const TASKSTATS_TYPE_STATS = 3;
const TASKSTATS_TYPE_AGGR_PID = 4;
const TASKSTATS_TYPE_AGGR_TGID = 5;

/** The messages of received datagrams, one after the other. */
export class TaskstatsMessages {
  readonly #batch: DatagramBatch;
  readonly #message = new MessageCursor();
  readonly #structs = new TaskstatsCursor();
  readonly #decoder: TaskstatsDecoder;
  /** Sequence number of the request that is answered. */
  sequence = 0;
  /** 0, or why the kernel did not answer. */
  errno = 0;
  /** Whether the message is about a task: then `tid` and `record` describe it. */
  hasTask = false;
  tid = 0;
  readonly record: TaskstatsRecord;

  /** @param counters which counters to decode, in addition to the task's identity */
  constructor(batch: DatagramBatch, counters: CounterFields) {
    this.#batch = batch;
    this.#decoder = new TaskstatsDecoder(counters);
    this.record = new TaskstatsRecord(counters.length);
  }

  /** @param datagram of the batch that was received last */
  open(datagram: number): void {
    const { words, slotBytes, lengths } = this.#batch;
    this.#message.reset(words, datagram * slotBytes, lengths[datagram]!);
  }

  /** False when there is no further message. */
  next(): boolean {
    const message = this.#message;
    if (!message.next()) return false;
    const isError = message.type === NLMSG_ERROR;
    this.sequence = message.sequence;
    this.errno = isError ? message.errno() : 0;
    this.hasTask = !isError && this.#decode();
    return true;
  }

  /** Decodes the struct of a task. The per-process struct that follows the last thread's carries no I/O counters. */
  #decode(): boolean {
    const { words } = this.#batch;
    const structs = this.#structs;
    structs.reset(words, this.#message.start, this.#message.end);
    do if (!structs.next()) return false;
    while (structs.isProcess);
    this.tid = structs.id;
    const { record } = this;
    this.#decoder.decode(words, structs.start, structs.end, record);
    record.hadThreads =
      record.isLast === 1 && structs.next() && structs.isProcess;
    return true;
  }
}

/**
 * Finds the structs in one message: a reply carries one, the exit message of the last thread of a process two.
 *
 * After `next` has returned true, `isProcess` distinguishes the sum over a process from a single task, `id` is the tid
 * or pid from the kernel, and `start` and `end` are the byte offsets of the struct.
 */
export class TaskstatsCursor {
  readonly #outer = new AttributeCursor();
  readonly #inner = new AttributeCursor();
  #words: Uint32Array = new Uint32Array(0);
  isProcess = false;
  id = 0;
  start = 0;
  end = 0;

  /** @param start byte offset of the payload after the netlink header */
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

/** ac_flag of linux/acct.h: the last task of its process. */
const AGROUP = 0x20;

/** For each counter of a record, the field (a u64) that holds it; null if no field does: it stays unknown. */
export type CounterFields = readonly (TaskstatsField | null)[];

const HIGH = 0x1_0000_0000;

const u32 = (words: Uint32Array, base: number, field: number): number =>
  field < 0 ? NaN : words[base + field]!;

/** Reads a u64 as two words: exact up to 2^53, and the struct is aligned to 4 bytes only. */
const u64 = (words: Uint32Array, base: number, field: number): number =>
  field < 0 ? NaN : words[base + field]! + words[base + field + 1]! * HIGH;

/** Decodes the struct between two byte offsets. */
export class TaskstatsDecoder {
  readonly #counters: CounterFields;
  /** For each counter, its word in the struct, or -1. */
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
    // AGROUP exists since the version that added the process id.
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
