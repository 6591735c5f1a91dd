/** Requests to taskstats in batches, and the matching of answers: nothing ever waits for an answer that does not come. */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { EPERM, ESRCH, NetlinkError } from "../kernel/errors.ts";
import { TaskstatsMessages } from "../kernel/taskstats-messages.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TaskstatsRequests,
} from "../kernel/taskstats-requests.ts";

import { TASKSTATS_FIELDS } from "../model/counters.ts";
import type { ReadWindow } from "./event.ts";
import { receiveAll } from "./receive-all.ts";
import type { TaskTracker } from "./tracker.ts";

/** Requests in one `send`: fewer cost more calls, more fall out of the cache. Measured: best from 64 to 256. */
const REQUESTS_PER_SEND = 128;

export interface QueriesInit {
  readonly transport: NetlinkTransport;
  readonly family: number;
  readonly clock: Clock;
  /** Takes the answers. */
  readonly tracker: TaskTracker;
}

export interface QueryEvents {
  /** Answers have arrived, and none was handed on yet: the exit messages that were sent before are taken. */
  drainExits(): void;
  /** The kernel refused to tell of a task. */
  refused(): void;
}

export class TaskstatsQueries implements Disposable {
  readonly #transport: NetlinkTransport;
  readonly #clock: Clock;
  readonly #tracker: TaskTracker;
  readonly #events: QueryEvents;
  readonly #requests: TaskstatsRequests;
  /** What each request of the batch asked for, and whether it was answered. */
  readonly #tids = new Int32Array(REQUESTS_PER_SEND);
  readonly #pids = new Int32Array(REQUESTS_PER_SEND);
  readonly #answered = new Uint8Array(REQUESTS_PER_SEND);
  #sequence = 1;
  readonly #received: TaskstatsMessages;

  constructor(init: QueriesInit, events: QueryEvents) {
    const { transport, family } = init;
    this.#transport = transport;
    this.#clock = init.clock;
    this.#tracker = init.tracker;
    this.#events = events;
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
    const beforeNs = this.#clock.monotonicNs();
    this.#transport.send(bytes, length);
    const window = { beforeNs, afterNs: this.#clock.monotonicNs() };
    this.#requests.clear();
    const first = this.#sequence;
    this.#sequence = (first + count) >>> 0;
    const overflows = receiveAll(
      this.#transport,
      this.#received,
      () => this.#events.drainExits(),
      () => this.#receive(first, count, window),
    );
    if (overflows > 0) this.#askAgain(count);
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

  #receive(first: number, count: number, window: ReadWindow): void {
    const received = this.#received;
    const i = (received.sequence - first) >>> 0;
    // Not an answer to this batch.
    if (i >= count || this.#answered[i] !== 0) return;
    this.#answered[i] = 1;
    const tid = this.#tids[i]!;
    const pid = this.#pids[i]!;
    if (received.hasTask)
      this.#tracker.answer(tid, pid, received.record, window);
    else if (received.errno === ESRCH) this.#tracker.noAnswer(tid, pid);
    else if (received.errno === EPERM)
      throw new NetlinkError("ask taskstats for a task", EPERM);
    else if (received.errno !== 0) this.#events.refused();
  }

  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }
}
