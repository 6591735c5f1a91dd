/** A netlink socket for taskstats, which takes many datagrams in one system call. */
import { DatagramBatch, type NetlinkTransport } from "./datagrams.ts";
import { EAGAIN, EINTR, SysError } from "./errors.ts";
import { libc, type Libc } from "./libc.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_GENERIC = 16;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;

/** struct mmsghdr on 64-bit Linux: struct msghdr (56 bytes), u32 msg_len, padding. */
const MMSGHDR_BYTES = 64;
const IOVEC_BYTES = 16;
/** struct sockaddr_nl: u16 family, padding, u32 port, u32 groups. */
const ADDRESS_BYTES = 12;
const KERNEL_PORT = 0;

export interface SocketOptions {
  /** Datagrams to take per system call. */
  readonly batch: number;
  /** Room for one datagram, bytes. A longer datagram is truncated, and so are its attributes. */
  readonly slotBytes: number;
  /** Receive buffer, bytes, as the kernel counts them (a message of 600 bytes is charged 1,280 or more). */
  readonly receiveBufferBytes: number;
}

/**
 * A generic netlink socket.
 *
 * @throws SysError
 */
export function openGenericNetlink(options: SocketOptions): NetlinkTransport {
  return new NetlinkSocket(options);
}

class NetlinkSocket implements NetlinkTransport {
  readonly portId: number;
  readonly batch: DatagramBatch;
  readonly #libc: Libc = libc();
  readonly #fd: number;
  /* The kernel reads and writes the following: fields, so that they live as long as the socket. */
  readonly #headers: Uint32Array;
  readonly #iovecs: BigUint64Array;
  readonly #senders: Uint32Array;
  #open = true;

  constructor({ batch, slotBytes, receiveBufferBytes }: SocketOptions) {
    const { call } = this.#libc;
    const fd = call.socket(
      AF_NETLINK,
      SOCK_RAW | SOCK_CLOEXEC,
      NETLINK_GENERIC,
    );
    if (fd < 0) throw new SysError("socket(AF_NETLINK)", this.#libc.errno());
    this.#fd = fd;
    try {
      this.#setReceiveBuffer(receiveBufferBytes);
      this.portId = this.#bind();
    } catch (error) {
      call.close(fd);
      throw error;
    }
    this.batch = new DatagramBatch(batch, slotBytes);
    this.#headers = new Uint32Array(new ArrayBuffer(batch * MMSGHDR_BYTES));
    this.#iovecs = new BigUint64Array(new ArrayBuffer(batch * IOVEC_BYTES));
    this.#senders = new Uint32Array(new ArrayBuffer(batch * ADDRESS_BYTES));
    const headers = new BigUint64Array(this.#headers.buffer);
    const senders = BigInt(this.#libc.addressOf(this.#senders));
    const memory = BigInt(this.#libc.addressOf(this.batch.bytes));
    const iovecs = BigInt(this.#libc.addressOf(this.#iovecs));
    for (let i = 0; i < batch; i++) {
      this.#iovecs[i * 2] = memory + BigInt(i * slotBytes);
      this.#iovecs[i * 2 + 1] = BigInt(slotBytes);
      headers[i * 8] = senders + BigInt(i * ADDRESS_BYTES);
      headers[i * 8 + 1] = BigInt(ADDRESS_BYTES);
      headers[i * 8 + 2] = iovecs + BigInt(i * IOVEC_BYTES);
      headers[i * 8 + 3] = 1n;
    }
  }

  /**
   * SO_RCVBUFFORCE exceeds the system's limit but needs CAP_NET_ADMIN; without it, the buffer is as large as allowed.
   */
  #setReceiveBuffer(bytes: number): void {
    const { call } = this.#libc;
    const value = new Int32Array(new ArrayBuffer(4));
    value[0] = bytes;
    if (call.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) === 0)
      return;
    if (call.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUF, value, 4) < 0)
      throw new SysError("setsockopt(SO_RCVBUF)", this.#libc.errno());
  }

  /** With port 0 the kernel chooses our address. */
  #bind(): number {
    const { call } = this.#libc;
    const address = new Uint32Array(new ArrayBuffer(ADDRESS_BYTES));
    const length = new Uint32Array(new ArrayBuffer(4));
    address[0] = AF_NETLINK;
    length[0] = ADDRESS_BYTES;
    if (call.bind(this.#fd, address, ADDRESS_BYTES) < 0)
      throw new SysError("bind(AF_NETLINK)", this.#libc.errno());
    if (call.getsockname(this.#fd, address, length) < 0)
      throw new SysError("getsockname", this.#libc.errno());
    return address[1]!;
  }

  send(bytes: Uint8Array, length: number): void {
    for (;;) {
      if (this.#libc.call.send(this.#fd, bytes, length, 0) >= 0) return;
      const errno = this.#libc.errno();
      if (errno !== EINTR) throw new SysError("send(netlink)", errno);
    }
  }

  receive(): number {
    const { capacity, lengths } = this.batch;
    for (;;) {
      const count = this.#libc.call.recvmmsg(
        this.#fd,
        this.#headers,
        capacity,
        MSG_DONTWAIT,
        null,
      );
      if (count < 0) {
        const errno = this.#libc.errno();
        if (errno === EAGAIN) return 0;
        if (errno === EINTR) continue;
        throw new SysError("recvmmsg(netlink)", errno);
      }
      for (let i = 0; i < count; i++) {
        const isKernels = this.#senders[i * 3 + 1] === KERNEL_PORT;
        lengths[i] = isKernels ? this.#headers[i * 16 + 14]! : 0;
      }
      return count;
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#libc.call.close(this.#fd);
  }
}
