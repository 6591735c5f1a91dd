/** The kernel's exit messages: the final counters of every task that ends, on any CPU (taskstats' REGISTER_CPUMASK). */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { SysError } from "../kernel/errors.ts";
import { sendTextCommand } from "../kernel/genetlink.ts";
import {
  TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK,
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
} from "../kernel/taskstats.ts";
import { TaskstatsMessages } from "../kernel/taskstats-messages.ts";
import type { Lives } from "./lives.ts";
import { EXIT_LAG_NS } from "./when.ts";

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
  readonly #received: TaskstatsMessages;

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
    this.#received = new TaskstatsMessages(transport.batch);
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
    const received = this.#received;
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
        lagNs: EXIT_LAG_NS,
      };
      for (let i = 0; i < datagrams; i++) {
        received.open(i);
        while (received.next()) {
          if (!received.hasTask) continue;
          const { tid, record } = received;
          lives.end(tid, record, when);
          messages++;
        }
      }
    }
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
