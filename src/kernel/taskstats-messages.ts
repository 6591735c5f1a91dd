/** The messages of received datagrams, one after the other, decoded into memory that is used again. */
import type { DatagramBatch } from "./datagrams.ts";
import { MessageCursor, NLMSG_ERROR } from "./netlink.ts";
import {
  TaskstatsCursor,
  TaskstatsDecoder,
  TaskstatsRecord,
  type CounterFields,
} from "./taskstats.ts";

export class TaskstatsMessages {
  readonly #batch: DatagramBatch;
  readonly #message = new MessageCursor();
  readonly #structs = new TaskstatsCursor();
  readonly #decoder: TaskstatsDecoder;
  /** Of the request that is answered. */
  sequence = 0;
  /** 0, or why the kernel did not answer. */
  errno = 0;
  /** Whether it tells of a task: `tid` and `record` are of that one. */
  hasTask = false;
  tid = 0;
  readonly record: TaskstatsRecord;

  /** @param counters what to decode besides what a task is */
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

  /** The sum over a process, behind what its last thread did, holds no I/O: only tasks count. */
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
