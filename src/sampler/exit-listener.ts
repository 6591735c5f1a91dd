/** The kernel's exit messages: the final counters of every task that ends, on any CPU (taskstats' REGISTER_CPUMASK). */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { EINVAL, NetlinkError } from "../kernel/errors.ts";
import { sendTextCommand } from "../kernel/genetlink.ts";
import {
  TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK,
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
} from "../kernel/taskstats-requests.ts";
import { TaskstatsMessages } from "../kernel/taskstats-messages.ts";
import { TASKSTATS_FIELDS } from "../model/counters.ts";
import type { TaskTracker } from "./tracker.ts";
import { EXIT_LAG_NS, type ReadWindow } from "./event.ts";
import { receiveAll } from "./receive-all.ts";

const OPERATION = "listen for ending tasks";
/** CONFIG_NR_CPUS is nowhere larger. */
const MOST_CPUS = 8192;

export interface Drained {
  /** Exit messages taken. */
  readonly messages: number;
  /** How often the kernel said that it had dropped some. */
  readonly overflows: number;
}

export class ExitListener implements Disposable {
  readonly #transport: NetlinkTransport;
  readonly #family: number;
  /** Those that were registered, as the kernel writes sets. */
  readonly cpus: string;
  readonly #clock: Clock;
  #drainedNs: number;
  readonly #received: TaskstatsMessages;
  /** Nothing was heard yet, and it is not certain that anything will be: set by whoever doubts it. */
  isDoubted = false;

  /**
   * Registers for the exits on all CPUs that can ever be there, so that one that comes online later is heard too.
   *
   * @param cpus as the kernel writes sets: "0-7"; null if they are to be found out
   * @throws SysError; NetlinkError with EINVAL outside the initial pid or user namespace, EPERM without CAP_NET_ADMIN
   */
  constructor(
    transport: NetlinkTransport,
    family: number,
    cpus: string | null,
    clock: Clock,
  ) {
    this.#transport = transport;
    this.#received = new TaskstatsMessages(transport.batch, TASKSTATS_FIELDS);
    this.#family = family;
    this.#clock = clock;
    this.#drainedNs = clock.monotonicNs();
    this.cpus = this.#register(cpus);
  }

  #register(cpus: string | null): string {
    if (cpus !== null && this.#refusalOf(cpus) === null) return cpus;
    // One by one: a set is refused as a whole for one CPU that cannot be (add_del_listener in kernel/taskstats.c).
    const accepted: number[] = [];
    for (let cpu = 0; cpu < MOST_CPUS; cpu++) {
      const refusal = this.#refusalOf(String(cpu));
      // After the last CPU for which the kernel has room.
      if (refusal === "ERANGE") break;
      if (refusal === null) accepted.push(cpu);
    }
    if (accepted.length === 0) throw new NetlinkError(OPERATION, EINVAL);
    return accepted.join(",");
  }

  /**
   * Hands every waiting exit message to `tracker.exit`.
   *
   * @throws SysError
   */
  drain(tracker: TaskTracker): Drained {
    const received = this.#received;
    let messages = 0;
    let emptiedNs = this.#clock.monotonicNs();
    let window: ReadWindow;
    const overflows = receiveAll(
      this.#transport,
      received,
      () => {
        emptiedNs = this.#clock.monotonicNs();
        // They may have been sent at any time since the queue was last seen empty, and until now.
        window = {
          beforeNs: this.#drainedNs,
          afterNs: emptiedNs,
          lagNs: EXIT_LAG_NS,
        };
      },
      () => {
        if (!received.hasTask) return;
        tracker.exit(received.tid, received.record, window);
        messages++;
      },
    );
    this.#drainedNs = emptiedNs;
    if (messages + overflows > 0) this.isDoubted = false;
    return { messages, overflows };
  }

  /** Why a set of CPUs is not accepted; null if it is. */
  #refusalOf(cpus: string): "EINVAL" | "ERANGE" | null {
    try {
      this.#command(TASKSTATS_CMD_ATTR_REGISTER_CPUMASK, cpus);
      return null;
    } catch (error) {
      const code = error instanceof NetlinkError ? error.code : null;
      if (code === "EINVAL" || code === "ERANGE") return code;
      throw error;
    }
  }

  #command(attribute: number, cpus: string): void {
    sendTextCommand(
      this.#transport,
      OPERATION,
      this.#family,
      TASKSTATS_CMD_GET,
      attribute,
      cpus,
    );
  }

  [Symbol.dispose](): void {
    try {
      this.#command(TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK, this.cpus);
    } catch {
      // The kernel forgets a listener whose socket is closed.
    }
    this.#transport[Symbol.dispose]();
  }
}
