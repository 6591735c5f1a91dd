/** Generic netlink: a header of u8 command, u8 version and u16 reserved, and families whose ids the kernel assigns. */
import type { NetlinkTransport } from "./datagrams.ts";
import { NetlinkError } from "./errors.ts";
import {
  AttributeCursor,
  MessageCursor,
  MessageWriter,
  NLM_F_ACK,
  NLM_F_REQUEST,
  NLMSG_ERROR,
} from "./netlink.ts";

export const GENL_HEADER_BYTES = 4;

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

/** The header as one little-endian word. */
export const genlHeader = (command: number, version: number): number =>
  command | (version << 8);

/**
 * The id of a family.
 *
 * @throws SysError; NetlinkError with code ENOENT when the kernel has no such family
 */
export function resolveFamily(
  transport: NetlinkTransport,
  name: string,
): number {
  const operation = `generic netlink family ${name}`;
  const request = new MessageWriter(128);
  request.begin(GENL_ID_CTRL, NLM_F_REQUEST, 1);
  request.word(genlHeader(CTRL_CMD_GETFAMILY, 1));
  request.attributeText(CTRL_ATTR_FAMILY_NAME, name);
  transport.send(request.bytes, request.length);
  let id = 0;
  findMessage(transport, (message, words) => {
    if (message.sequence !== 1) return false;
    if (message.type === NLMSG_ERROR) {
      if (message.errno() !== 0)
        throw new NetlinkError(operation, message.errno());
      return false;
    }
    const attribute = new AttributeCursor();
    attribute.reset(words, message.start + GENL_HEADER_BYTES, message.end);
    while (attribute.next())
      if (
        attribute.type === CTRL_ATTR_FAMILY_ID &&
        attribute.end - attribute.start >= 2
      )
        id = words[attribute.start >> 2]! & 0xffff;
    return id !== 0;
  });
  if (id === 0) throw new NetlinkError(operation, 0, "no answer");
  return id;
}

/**
 * Sends one command with one text attribute and waits for its acknowledgement.
 *
 * @throws SysError; NetlinkError with the kernel's errno
 */
export function sendTextCommand(
  transport: NetlinkTransport,
  operation: string,
  family: number,
  command: number,
  attributeType: number,
  text: string,
): void {
  const request = new MessageWriter(64 + text.length);
  request.begin(family, NLM_F_REQUEST | NLM_F_ACK, 2);
  request.word(genlHeader(command, 1));
  request.attributeText(attributeType, text);
  transport.send(request.bytes, request.length);
  const isAcknowledged = findMessage(transport, (message) => {
    if (message.sequence !== 2 || message.type !== NLMSG_ERROR) return false;
    if (message.errno() !== 0)
      throw new NetlinkError(operation, message.errno());
    return true;
  });
  if (!isAcknowledged)
    throw new NetlinkError(operation, 0, "no acknowledgement");
}

/**
 * Receives until the answer is found. The kernel has queued it when `send` returns, but exit messages may precede it.
 */
function findMessage(
  transport: NetlinkTransport,
  isAnswer: (message: MessageCursor, words: Uint32Array) => boolean,
): boolean {
  const { batch } = transport;
  const message = new MessageCursor();
  for (;;) {
    const count = transport.receive();
    if (count === 0) return false;
    for (let i = 0; i < count; i++) {
      message.reset(batch.words, i * batch.slotBytes, batch.lengths[i]!);
      while (message.next()) if (isAnswer(message, batch.words)) return true;
    }
  }
}
