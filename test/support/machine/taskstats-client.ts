/** The kernel room alone against the real kernel: no table, no sampler. */
import type { NetlinkTransport } from "../../../src/kernel/datagrams.ts";
import { needing } from "../needs.ts";
import { KernelError, SysError } from "../../../src/kernel/errors.ts";
import {
  resolveFamily,
  sendTextCommand,
} from "../../../src/kernel/genetlink.ts";
import { MessageCursor, NLMSG_ERROR } from "../../../src/kernel/netlink.ts";
import { readPossibleCpus } from "../../../src/kernel/procfs.ts";
import { openGenericNetlink } from "../../../src/kernel/socket.ts";
import {
  TaskstatsCursor,
  TaskstatsDecoder,
} from "../../../src/kernel/taskstats-messages.ts";
import { TaskstatsRecord, copyRecord } from "../../../src/kernel/taskstats.ts";
import {
  TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK,
  TASKSTATS_CMD_ATTR_PID,
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
  TASKSTATS_FAMILY,
  TaskstatsRequests,
  type RequestKind,
} from "../../../src/kernel/taskstats-requests.ts";
import { TASKSTATS_FIELDS } from "../../../src/model/counters.ts";

export interface Reply {
  readonly isProcess: boolean;
  /** The tid or pid that the kernel named. */
  readonly id: number;
  readonly record: TaskstatsRecord;
}

export class TaskstatsClient implements Disposable {
  readonly transport: NetlinkTransport;
  readonly family: number;
  #isListening = false;

  /** @throws SysError, NetlinkError */
  constructor(receiveBufferBytes = 8 << 20) {
    this.transport = openGenericNetlink({
      batch: 64,
      slotBytes: 2048,
      receiveBufferBytes,
    });
    try {
      this.family = resolveFamily(this.transport, TASKSTATS_FAMILY);
    } catch (error) {
      this.transport[Symbol.dispose]();
      throw error;
    }
  }

  /** From now on the kernel sends the exits of all tasks. */
  listen(): void {
    this.#sendCpus("listen", TASKSTATS_CMD_ATTR_REGISTER_CPUMASK);
    this.#isListening = true;
  }

  #sendCpus(operation: string, attribute: number): void {
    sendTextCommand(
      this.transport,
      operation,
      this.family,
      TASKSTATS_CMD_GET,
      attribute,
      readPossibleCpus() ?? "0",
    );
  }

  /** One `send`; by position, the reply to each request or the errno of the refusal. */
  ask(kind: RequestKind, ids: readonly number[]): (Reply | number)[] {
    const requests = new TaskstatsRequests(this.family, ids.length);
    ids.forEach((id, i) => requests.add(kind, id, i + 1));
    this.transport.send(requests.bytes, requests.length);
    const answers: (Reply | number)[] = [];
    this.#receive((sequence, answer) => {
      answers[sequence - 1] = answer;
    });
    return answers;
  }

  /** Exit messages that are waiting. @throws SysError with code ENOBUFS when some were dropped */
  drain(): Reply[] {
    const replies: Reply[] = [];
    this.#receive((_, answer) => {
      if (typeof answer !== "number") replies.push(answer);
    });
    return replies;
  }

  #receive(visit: (sequence: number, answer: Reply | number) => void): void {
    const { batch } = this.transport;
    const message = new MessageCursor();
    const structs = new TaskstatsCursor();
    const decoder = new TaskstatsDecoder(TASKSTATS_FIELDS);
    const record = new TaskstatsRecord(TASKSTATS_FIELDS.length);
    for (;;) {
      const count = this.transport.receive();
      if (count === 0) return;
      for (let i = 0; i < count; i++) {
        message.reset(batch.words, i * batch.slotBytes, batch.lengths[i]!);
        while (message.next()) {
          if (message.type === NLMSG_ERROR) {
            visit(message.sequence, message.errno());
            continue;
          }
          structs.reset(batch.words, message.start, message.end);
          while (structs.next()) {
            decoder.decode(batch.words, structs.start, structs.end, record);
            visit(message.sequence, {
              isProcess: structs.isProcess,
              id: structs.id,
              record: copyRecord(record),
            });
          }
        }
      }
    }
  }

  /** The kernel keeps the address of a socket that was closed while it listened, and the next one may get that address. */
  [Symbol.dispose](): void {
    try {
      if (this.#isListening)
        this.#sendCpus("stop", TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK);
    } catch {
      // The acknowledgement lies behind more exit messages than one call takes, or did not fit.
    } finally {
      this.transport[Symbol.dispose]();
    }
  }
}

/** Whether an error says that the kernel dropped messages. */
export const isOverflow = (error: unknown): boolean =>
  error instanceof SysError && error.code === "ENOBUFS";

/** Why this kernel, or this user, cannot do what the live tests need; null if nothing is missing. */
export const TASKSTATS_REFUSAL: string | null = findRefusal();

function findRefusal(): string | null {
  try {
    using client = new TaskstatsClient();
    client.listen();
    const [answer] = client.ask(TASKSTATS_CMD_ATTR_PID, [process.pid]);
    return typeof answer === "object"
      ? null
      : `taskstats: asking gives errno ${answer}`;
  } catch (error) {
    if (error instanceof KernelError) return `taskstats: ${error.message}`;
    throw error;
  }
}

/** The title of tests that need taskstats: it tells why they are skipped. */
export const needsTaskstats = (title: string): string =>
  needing(title, TASKSTATS_REFUSAL);
