/**
 * A batch of received datagrams in one block of memory that never moves, because the kernel is given its address.
 * Datagram i begins at byte `i * slotBytes`; its length is `lengths[i]`.
 */
export class DatagramBatch {
  readonly capacity: number;
  readonly slotBytes: number;
  readonly bytes: Uint8Array;
  /** The same memory as 32-bit words: netlink aligns everything to 4 bytes. */
  readonly words: Uint32Array;
  /** Bytes of each datagram; never more than `slotBytes`, and 0 if a process sent it and not the kernel. */
  readonly lengths: Uint32Array;

  constructor(capacity: number, slotBytes: number) {
    this.capacity = capacity;
    this.slotBytes = slotBytes;
    const memory = new ArrayBuffer(capacity * slotBytes);
    this.bytes = new Uint8Array(memory);
    this.words = new Uint32Array(memory);
    this.lengths = new Uint32Array(new ArrayBuffer(capacity * 4));
  }
}

/** The lowest layer that tests replace: everything above it runs unchanged against a fake kernel. */
export interface NetlinkTransport extends Disposable {
  /** Our netlink address. */
  readonly portId: number;
  readonly batch: DatagramBatch;
  /**
   * Sends one datagram with any number of requests. When this returns, the kernel has handled them and queued its
   * replies.
   *
   * @throws SysError
   */
  send(bytes: Uint8Array, length: number): void;
  /**
   * Moves queued datagrams into `batch`, without waiting.
   *
   * @returns how many; 0 when the queue is empty
   * @throws SysError with code ENOBUFS when the kernel had to drop messages since the last call
   */
  receive(): number;
}
