/** Datagrams to a socket with a path, unix(7). The runtime sends none. */
import { EAGAIN, EINTR, EINVAL, SysError } from "./errors.ts";
import { libc, type Libc } from "./libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** sun_path of struct sockaddr_un, after u16 sun_family. */
const PATH_BYTES = 108;

/** @throws SysError */
export function connectDatagrams(path: string): UnixDatagrams {
  return new UnixDatagrams(path);
}

class UnixDatagrams implements Disposable {
  readonly #libc: Libc = libc();
  readonly #fd: number;
  #isOpen = true;

  constructor(path: string) {
    const { call } = this.#libc;
    const address = addressOf(path);
    this.#fd = call.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (this.#fd < 0) throw new SysError("socket(AF_UNIX)", this.#libc.errno());
    if (call.connect(this.#fd, address, address.length) === 0) return;
    const errno = this.#libc.errno();
    this[Symbol.dispose]();
    throw new SysError(`connect ${path}`, errno);
  }

  send(bytes: Uint8Array): boolean {
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    for (;;) {
      const sent = this.#libc.call.send(this.#fd, bytes, bytes.length, flags);
      if (sent >= 0) return true;
      const errno = this.#libc.errno();
      if (errno === EAGAIN) return false;
      if (errno !== EINTR) throw new SysError("send(AF_UNIX)", errno);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#libc.call.close(this.#fd);
  }
}

function addressOf(path: string): Uint8Array {
  const name = Buffer.from(path);
  if (name.length >= PATH_BYTES || name.includes(0))
    throw new SysError(`connect ${path}`, EINVAL);
  const address = new Uint8Array(new ArrayBuffer(2 + PATH_BYTES));
  address[0] = AF_UNIX;
  address.set(name, 2);
  return address;
}
