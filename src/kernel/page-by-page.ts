/**
 * Code that becomes resident page by page. When a page of a file is needed, the kernel maps the fifteen beside it as well
 * if they are in the page cache. Of the runtime's code, a program that samples needs 6 MiB, which so become 22.
 */
import { libc, MACHINE } from "./libc.ts";

/** linux/userfaultfd.h: its ioctls have the size of their struct in them. */
const UFFD_USER_MODE_ONLY = 1;
const UFFDIO_API = 0xc018aa3f;
const UFFDIO_REGISTER = 0xc020aa00;
const UFFD_API = 0xaan;
const UFFD_FEATURE_WP_ASYNC = 1n << 15n;
const UFFDIO_REGISTER_MODE_WP = 2n;
const O_CLOEXEC = 0o2000000;

export interface Mapping {
  readonly start: number;
  readonly end: number;
}

/** What the kernel reads: struct uffdio_api, or struct uffdio_register. */
const argument = new BigUint64Array(new ArrayBuffer(32));

/**
 * Has the kernel map these page by page: it does so where userfaultfd(2) watches for writes (`should_fault_around` in
 * mm/memory.c). Nobody has to answer: nothing is protected, and from Linux 6.7 on it would let the writes pass by itself.
 *
 * @returns whether it is so: not before Linux 6.7, nor where the call is forbidden (seccomp(2)); then all goes on as
 *   before
 */
export function mapPageByPage(mappings: readonly Mapping[]): boolean {
  const { call } = libc();
  const flags = O_CLOEXEC | UFFD_USER_MODE_ONLY;
  const fd = Number(call.syscall(MACHINE.userfaultfd, flags, null, 0, 0));
  if (fd < 0) return false;
  const ask = (request: number, ...words: readonly bigint[]): boolean => {
    argument.fill(0n);
    argument.set(words);
    return call.ioctl(fd, request, argument) === 0;
  };
  const isAsked =
    ask(UFFDIO_API, UFFD_API, UFFD_FEATURE_WP_ASYNC) &&
    mappings.every(({ start, end }) =>
      ask(
        UFFDIO_REGISTER,
        BigInt(start),
        BigInt(end - start),
        UFFDIO_REGISTER_MODE_WP,
      ),
    );
  // It lasts as long as the descriptor.
  if (!isAsked) call.close(fd);
  return isAsked;
}
