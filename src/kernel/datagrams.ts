/**
 * A batch of received datagrams in one block of memory that never moves, so that the kernel may be given its address.
 * Datagram i begins at byte `i * slotBytes`; its length is `lengths[i]`.
 */
export class DatagramBatch {
  readonly capacity: number;
  readonly slotBytes: number;
  readonly bytes: Uint8Array;
  /** The same memory as 32-bit words: netlink aligns everything to 4 bytes. */
  readonly words: Uint32Array;
  /** Bytes of each datagram; never more than `slotBytes`, and 0 if another process than the kernel sent it. */
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

/** The lowest seam: everything above it runs unchanged against a fake kernel. */
export interface NetlinkTransport extends Disposable {
  /** Our address. */
  readonly portId: number;
  readonly batch: DatagramBatch;
  /**
   * Sends one datagram of any number of requests. The kernel has handled them, and queued its replies, on return.
   *
   * @throws SysError
   */
  send(bytes: Uint8Array, length: number): void;
  /**
   * Moves waiting datagrams into `batch`, without waiting.
   *
   * @returns how many; 0 when none is waiting
   * @throws SysError with code ENOBUFS when the kernel had to drop messages since the last call
   */
  receive(): number;
}
