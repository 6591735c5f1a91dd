/** Both queues of taskstats messages, answers and exits, are emptied in this way. */
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { SysError } from "../kernel/errors.ts";
import type { TaskstatsMessages } from "../kernel/taskstats-messages.ts";

/**
 * Visits every message that is waiting, and does not wait for more.
 *
 * @param arrived some datagrams were received, and no message of them was visited yet
 * @param visit `messages` is at the next message
 * @returns how often the kernel had to drop messages for want of room
 * @throws SysError
 */
export function receiveAll(
  transport: NetlinkTransport,
  messages: TaskstatsMessages,
  arrived: () => void,
  visit: () => void,
): number {
  let overflows = 0;
  for (;;) {
    let datagrams: number;
    try {
      datagrams = transport.receive();
    } catch (error) {
      if (!(error instanceof SysError && error.code === "ENOBUFS")) throw error;
      overflows++;
      continue;
    }
    if (datagrams === 0) return overflows;
    arrived();
    for (let i = 0; i < datagrams; i++) {
      messages.open(i);
      while (messages.next()) visit();
    }
  }
}
