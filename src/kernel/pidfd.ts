/**
 * A process held by a descriptor, so that a signal reaches that one and no other, even if its id is used again
 * meanwhile (pidfd_open(2) and pidfd_send_signal(2), since Linux 5.3).
 */
import {
  libc,
  PIDFD_OPEN,
  PIDFD_SEND_SIGNAL,
  type Libc,
  type Pointer,
} from "./libc.ts";

export class Pidfd implements Disposable {
  readonly #libc: Libc;
  readonly #fd: number;

  private constructor(lib: Libc, fd: number) {
    this.#libc = lib;
    this.#fd = fd;
  }

  /** @returns the process that has this id now, or errno: ESRCH if there is none, ENOSYS before Linux 5.3 */
  static open(pid: number): Pidfd | number {
    const lib = libc();
    const fd = Number(lib.call.syscall(PIDFD_OPEN, pid, null, 0, 0));
    return fd < 0 ? lib.errno() : new Pidfd(lib, fd);
  }

  /** Signal 0 only asks. @returns 0, or errno: ESRCH if the process has ended and was waited for */
  signal(signal: number): number {
    const result = this.#libc.call.syscall(
      PIDFD_SEND_SIGNAL,
      this.#fd,
      signal as Pointer,
      0,
      0,
    );
    return Number(result) < 0 ? this.#libc.errno() : 0;
  }

  [Symbol.dispose](): void {
    this.#libc.call.close(this.#fd);
  }
}
