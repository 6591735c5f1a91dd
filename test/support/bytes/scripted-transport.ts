/** A kernel of a few lines: it answers what is sent by the rules of a test, in bytes. */
import {
  DatagramBatch,
  type NetlinkTransport,
} from "../../../src/kernel/datagrams.ts";
import type { Bytes } from "./netlink-bytes.ts";

export interface ScriptedTransport extends NetlinkTransport {
  /** What was sent, one entry a `send`. */
  readonly sent: readonly Bytes[];
  readonly isClosed: boolean;
}

export interface Script {
  /** Datagrams that one `send` causes, in order. May throw, as a system call that fails. */
  answer(request: Bytes): readonly Bytes[];
  /** Called before each `receive`; may throw. */
  beforeReceive?(): void;
  readonly capacity?: number;
  readonly slotBytes?: number;
}

export function scriptedTransport(script: Script): ScriptedTransport {
  const { capacity = 8, slotBytes = 256 } = script;
  const batch = new DatagramBatch(capacity, slotBytes);
  const queue: Bytes[] = [];
  const sent: Bytes[] = [];
  let isClosed = false;
  return {
    portId: 4711,
    batch,
    sent,
    get isClosed() {
      return isClosed;
    },
    send(bytes, length) {
      const request = [...bytes.subarray(0, length)];
      sent.push(request);
      queue.push(...script.answer(request));
    },
    receive() {
      script.beforeReceive?.();
      const taken = queue.splice(0, capacity);
      // What an earlier datagram left in a slot must never be taken for this one's.
      batch.bytes.fill(0xaa);
      taken.forEach((datagram, i) => {
        const kept = datagram.slice(0, slotBytes);
        batch.bytes.set(kept, i * slotBytes);
        batch.lengths[i] = kept.length;
      });
      return taken.length;
    },
    [Symbol.dispose]() {
      isClosed = true;
    },
  };
}
