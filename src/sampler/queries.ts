/** Requests to taskstats in batches, and the matching of answers: nothing ever waits for an answer that does not come. */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { EPERM, ESRCH, NetlinkError, SysError } from "../kernel/errors.ts";
import { TaskstatsMessages } from "../kernel/taskstats-messages.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TaskstatsRequests,
} from "../kernel/taskstats-requests.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { TASKSTATS_FIELDS } from "../model/counters.ts";
import type { When } from "./when.ts";

/** Requests in one `send`: fewer cost more calls, more fall out of the cache. Measured: best from 64 to 256. */
const REQUESTS_PER_SEND = 128;

/** What becomes of a request. The record is overwritten by the next answer. */
export interface Answers {
  /** A batch is about to be sent. */
  sending(): void;
  /** @param pid as given to `ask` */
  answered(tid: number, pid: number, record: TaskstatsRecord, when: When): void;
  /** There is no such task any more. */
  missing(tid: number, pid: number): void;
  /** The kernel refused to tell. */
  refused(): void;
}

export class TaskstatsQueries implements Disposable {
  readonly #transport: NetlinkTransport;
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #requests: TaskstatsRequests;
  /** What each request of the batch asked for, and whether it was answered. */
  readonly #tids = new Int32Array(REQUESTS_PER_SEND);
  readonly #pids = new Int32Array(REQUESTS_PER_SEND);
  readonly #answered = new Uint8Array(REQUESTS_PER_SEND);
  #sequence = 1;
  readonly #received: TaskstatsMessages;

  constructor(
    transport: NetlinkTransport,
    family: number,
    clock: Clock,
    answers: Answers,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#answers = answers;
    this.#received = new TaskstatsMessages(transport.batch, TASKSTATS_FIELDS);
    this.#requests = new TaskstatsRequests(family, REQUESTS_PER_SEND);
  }

  /**
   * Adds a request for a task to the batch; true when that sent the batch.
   *
   * @throws SysError; NetlinkError with code EPERM without CAP_NET_ADMIN
   */
  ask(tid: number, pid: number): boolean {
    const i = this.#requests.count;
    this.#tids[i] = tid;
    this.#pids[i] = pid;
    this.#answered[i] = 0;
    this.#requests.add(TASKSTATS_CMD_ATTR_PID, tid, this.#sequence + i);
    if (this.#requests.count < REQUESTS_PER_SEND) return false;
    this.exchange();
    return true;
  }

  /** Sends the batch and takes the answers, which the kernel has queued when `send` returns. */
  exchange(): void {
    const { count, bytes, length } = this.#requests;
    if (count === 0) return;
    this.#answers.sending();
    const beforeNs = this.#clock.monotonicNs();
    this.#transport.send(bytes, length);
    const when = { beforeNs, afterNs: this.#clock.monotonicNs() };
    this.#requests.clear();
    const first = this.#sequence;
    this.#sequence = (first + count) >>> 0;
    let hasOverflown = false;
    for (;;) {
      let datagrams: number;
      try {
        datagrams = this.#transport.receive();
      } catch (error) {
        if (!(error instanceof SysError && error.code === "ENOBUFS"))
          throw error;
        hasOverflown = true;
        continue;
      }
      if (datagrams === 0) break;
      for (let i = 0; i < datagrams; i++) this.#receive(i, first, count, when);
    }
    if (hasOverflown) this.#askAgain(count);
  }

  /** Answers were dropped for want of buffer. Where not a single one came there is no use in asking again. */
  #askAgain(count: number): void {
    const missed = Array.from({ length: count }, (_, i) => i).filter(
      (i) => this.#answered[i] === 0,
    );
    if (missed.length === count) return;
    for (const i of missed) this.ask(this.#tids[i]!, this.#pids[i]!);
    this.exchange();
  }

  #receive(datagram: number, first: number, count: number, when: When): void {
    const received = this.#received;
    received.open(datagram);
    while (received.next()) {
      const i = (received.sequence - first) >>> 0;
      // Not an answer to this batch.
      if (i >= count || this.#answered[i] !== 0) continue;
      this.#answered[i] = 1;
      const tid = this.#tids[i]!;
      const pid = this.#pids[i]!;
      if (received.hasTask)
        this.#answers.answered(tid, pid, received.record, when);
      else if (received.errno === ESRCH) this.#answers.missing(tid, pid);
      else if (received.errno === EPERM)
        throw new NetlinkError("ask taskstats for a task", EPERM);
      else if (received.errno !== 0) this.#answers.refused();
    }
  }

  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }
}
