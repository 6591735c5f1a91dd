/** Which version of taskstats this kernel speaks. */
import { NetlinkError, SysError } from "../kernel/errors.ts";
import { resolveFamily } from "../kernel/genetlink.ts";
import { MessageCursor, NLMSG_ERROR } from "../kernel/netlink.ts";
import { openGenericNetlink } from "../kernel/socket.ts";
import { TaskstatsCursor } from "../kernel/taskstats-messages.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TASKSTATS_FAMILY,
  TaskstatsRequests,
} from "../kernel/taskstats-requests.ts";

/** The struct of linux/taskstats.h as the kernel sends it. */
export interface TaskstatsStruct {
  readonly version: number;
  readonly bytes: number;
}

/**
 * Asks for one task.
 *
 * @throws SysError, NetlinkError if the kernel has no taskstats, or does not answer this user
 */
export function readTaskstatsStruct(pid: number): TaskstatsStruct {
  using transport = openGenericNetlink({
    batch: 4,
    slotBytes: 2048,
    receiveBufferBytes: 1 << 20,
  });
  const family = resolveFamily(transport, TASKSTATS_FAMILY);
  const requests = new TaskstatsRequests(family, 1);
  requests.add(TASKSTATS_CMD_ATTR_PID, pid, 1);
  transport.send(requests.bytes, requests.length);
  // The kernel answers within the call that asks.
  if (transport.receive() === 0) throw new SysError("ask taskstats", 0);
  const { words, lengths } = transport.batch;
  const message = new MessageCursor();
  message.reset(words, 0, lengths[0]!);
  const structs = new TaskstatsCursor();
  if (!message.next() || message.type === NLMSG_ERROR)
    throw new NetlinkError("taskstats", message.errno());
  structs.reset(words, message.start, message.end);
  if (!structs.next())
    throw new NetlinkError("taskstats", 0, "no task in the answer");
  return {
    version: words[structs.start >> 2]! & 0xffff,
    bytes: structs.end - structs.start,
  };
}
