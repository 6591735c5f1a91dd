/**
 * The taskstats family (linux/taskstats.h; Documentation/accounting/taskstats.rst): its commands, and requests for the
 * counters of a task or of a whole process.
 */
import { GENL_HEADER_BYTES, genlHeader } from "./genetlink.ts";
import {
  ATTRIBUTE_HEADER_BYTES,
  NLM_F_REQUEST,
  NLMSG_HEADER_BYTES,
} from "./netlink.ts";

export const TASKSTATS_FAMILY = "TASKSTATS";
export const TASKSTATS_CMD_GET = 1;
export const TASKSTATS_CMD_ATTR_PID = 1;
export const TASKSTATS_CMD_ATTR_TGID = 2;
export const TASKSTATS_CMD_ATTR_REGISTER_CPUMASK = 3;
export const TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK = 4;

const REQUEST_BYTES =
  NLMSG_HEADER_BYTES + GENL_HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + 4;

/** What a request asks for: one task, or the sum over the tasks of a process. */
export type RequestKind =
  typeof TASKSTATS_CMD_ATTR_PID | typeof TASKSTATS_CMD_ATTR_TGID;

/**
 * Requests for many tasks in one buffer: the kernel handles all messages of one `send`, which halves the cost of a
 * task.
 */
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
