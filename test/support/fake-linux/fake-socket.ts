/** A netlink socket of a fake kernel. */
import {
  DatagramBatch,
  type NetlinkTransport,
} from "../../../src/kernel/datagrams.ts";
import { SysError } from "../../../src/kernel/errors.ts";
import type { FakeLinux } from "./fake-linux.ts";

const ENOBUFS = 105;

export interface FakeSocketOptions {
  readonly slotBytes?: number;
  /** Datagrams to take in one call. */
  readonly batch?: number;
  /** Datagrams that wait at most; more are dropped. */
  readonly room?: number;
  /** False: opened in another network namespace, into which no exit message is sent. */
  readonly isInitialNetwork?: boolean;
}

/** What a socket needs of its kernel. */
interface SocketKernel {
  readonly linux: FakeLinux;
  handle(socket: FakeSocket, message: DataView): void;
  forget(socket: FakeSocket): void;
}

/** A netlink socket with a receive queue that can overflow. */
export class FakeSocket implements NetlinkTransport {
  readonly portId: number;
  readonly batch: DatagramBatch;
  readonly isInitialNetwork: boolean;
  readonly #kernel: SocketKernel;
  readonly #room: number;
  #queue: Uint8Array[] = [];
  #error = 0;
  /** Bytes of the batch that have been written since it was last made unreadable. */
  #written = Infinity;
  /** Since an overflow, and until the queue is empty, everything is dropped. */
  #isCongested = false;

  constructor(
    kernel: SocketKernel,
    portId: number,
    options: FakeSocketOptions,
  ) {
    this.#kernel = kernel;
    this.portId = portId;
    this.#room = options.room ?? Infinity;
    this.isInitialNetwork = options.isInitialNetwork ?? true;
    this.batch = new DatagramBatch(
      options.batch ?? 16,
      options.slotBytes ?? 2048,
    );
  }

  send(bytes: Uint8Array, length: number): void {
    for (let at = 0; at + 16 <= length;) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at);
      const size = view.getUint32(0, true);
      if (size < 16 || at + size > length) return;
      // What the kernel reads is a copy.
      const copy = bytes.slice(at, at + size);
      this.#kernel.handle(this, new DataView(copy.buffer));
      at += (size + 3) & ~3;
    }
  }

  receive(): number {
    this.#kernel.linux.look("receive");
    if (this.#error !== 0) {
      const errno = this.#error;
      this.#error = 0;
      throw new SysError("recvmmsg(netlink)", errno);
    }
    const { capacity, slotBytes, bytes, lengths } = this.batch;
    const taken = this.#queue.splice(0, capacity);
    // What the last batch held must not be relied on.
    bytes.fill(0xee, 0, this.#written);
    this.#written = taken.length * slotBytes;
    for (let i = 0; i < taken.length; i++) {
      const datagram = taken[i]!;
      lengths[i] = Math.min(datagram.length, slotBytes);
      const fits = datagram.length <= slotBytes;
      bytes.set(
        fits ? datagram : datagram.subarray(0, slotBytes),
        i * slotBytes,
      );
    }
    if (this.#queue.length === 0) this.#isCongested = false;
    return taken.length;
  }

  /** From the kernel; false when there was no room. */
  deliver(datagram: Uint8Array): boolean {
    if (this.#isCongested || this.#queue.length >= this.#room) {
      if (!this.#isCongested) this.#error = ENOBUFS;
      this.#isCongested = true;
      return false;
    }
    this.#queue.push(datagram);
    return true;
  }

  [Symbol.dispose](): void {
    this.#kernel.forget(this);
  }
}
