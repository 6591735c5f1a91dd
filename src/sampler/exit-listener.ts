/** The kernel's exit messages: the final counters of every task that ends, on any CPU (taskstats' REGISTER_CPUMASK). */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { SysError } from "../kernel/errors.ts";
import { sendTextCommand } from "../kernel/genetlink.ts";
import { MessageCursor, NLMSG_ERROR } from "../kernel/netlink.ts";
import {
  TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK,
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
  TaskstatsCursor,
  TaskstatsDecoder,
  TaskstatsRecord,
} from "../kernel/taskstats.ts";
import type { Lives } from "./lives.ts";

export interface Drained {
  /** Exit messages taken. */
  readonly messages: number;
  /** How often the kernel said that it had dropped some. */
  readonly overflows: number;
}

export class ExitListener implements Disposable {
  readonly #transport: NetlinkTransport;
  readonly #family: number;
  readonly #cpus: string;
  readonly #clock: Clock;
  #drainedNs: number;
  readonly #message = new MessageCursor();
  readonly #structs = new TaskstatsCursor();
  readonly #decoder = new TaskstatsDecoder();
  readonly #record = new TaskstatsRecord();

  /**
   * Registers for the exits on all CPUs that can ever be there, so that one that comes online later is heard too.
   *
   * @param cpus as the kernel writes sets: "0-7"
   * @throws SysError; NetlinkError with EINVAL outside the initial pid or user namespace, EPERM without CAP_NET_ADMIN
   */
  constructor(
    transport: NetlinkTransport,
    family: number,
    cpus: string,
    clock: Clock,
  ) {
    this.#transport = transport;
    this.#family = family;
    this.#cpus = cpus;
    this.#clock = clock;
    this.#drainedNs = clock.monotonicNs();
    this.#command(TASKSTATS_CMD_ATTR_REGISTER_CPUMASK);
  }

  /**
   * Hands every waiting exit message to `lives.end`.
   *
   * @throws SysError
   */
  drain(lives: Lives): Drained {
    const { batch } = this.#transport;
    let messages = 0;
    let overflows = 0;
    for (;;) {
      const afterNs = this.#clock.monotonicNs();
      let datagrams: number;
      try {
        datagrams = this.#transport.receive();
      } catch (error) {
        if (!(error instanceof SysError && error.code === "ENOBUFS"))
          throw error;
        overflows++;
        continue;
      }
      if (datagrams === 0) {
        this.#drainedNs = afterNs;
        return { messages, overflows };
      }
      // The messages may have been sent at any time since the queue was last seen empty, and until now.
      const when = {
        beforeNs: this.#drainedNs,
        afterNs: this.#clock.monotonicNs(),
      };
      for (let i = 0; i < datagrams; i++) {
        this.#message.reset(
          batch.words,
          i * batch.slotBytes,
          batch.lengths[i]!,
        );
        while (this.#message.next()) messages += this.#receive(lives, when);
      }
    }
  }

  /** The aggregate of a process, behind that of its last thread, holds no I/O: only tasks count. */
  #receive(lives: Lives, when: { beforeNs: number; afterNs: number }): number {
    if (this.#message.type === NLMSG_ERROR) return 0;
    const { words } = this.#transport.batch;
    const structs = this.#structs;
    structs.reset(words, this.#message.start, this.#message.end);
    while (structs.next()) {
      if (structs.isProcess) continue;
      const record = this.#record;
      this.#decoder.decode(words, structs.start, structs.end, record);
      lives.end(structs.id, record.tgid, record, when);
      return 1;
    }
    return 0;
  }

  #command(attribute: number): void {
    sendTextCommand(
      this.#transport,
      "listen for ending tasks",
      this.#family,
      TASKSTATS_CMD_GET,
      attribute,
      this.#cpus,
    );
  }

  [Symbol.dispose](): void {
    try {
      this.#command(TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK);
    } catch {
      // The kernel forgets a listener whose socket is closed.
    }
    this.#transport[Symbol.dispose]();
  }
}
