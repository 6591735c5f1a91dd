/**
 * Two failures that must not be confused: a system call that failed, and a kernel that answered "no". Callers match on
 * `code`, never on a message.
 */

/** Errno values that iotop can meet; asm-generic/errno.h, the same on x86-64 and arm64. */
const ERRNO = {
  1: ["EPERM", "Operation not permitted"],
  2: ["ENOENT", "No such file or directory"],
  3: ["ESRCH", "No such process"],
  4: ["EINTR", "Interrupted system call"],
  5: ["EIO", "Input/output error"],
  9: ["EBADF", "Bad file descriptor"],
  11: ["EAGAIN", "Resource temporarily unavailable"],
  12: ["ENOMEM", "Cannot allocate memory"],
  13: ["EACCES", "Permission denied"],
  14: ["EFAULT", "Bad address"],
  20: ["ENOTDIR", "Not a directory"],
  22: ["EINVAL", "Invalid argument"],
  23: ["ENFILE", "Too many open files in system"],
  24: ["EMFILE", "Too many open files"],
  30: ["EROFS", "Read-only file system"],
  34: ["ERANGE", "Numerical result out of range"],
  36: ["ENAMETOOLONG", "File name too long"],
  38: ["ENOSYS", "Function not implemented"],
  71: ["EPROTO", "Protocol error"],
  90: ["EMSGSIZE", "Message too long"],
  93: ["EPROTONOSUPPORT", "Protocol not supported"],
  95: ["EOPNOTSUPP", "Operation not supported"],
  97: ["EAFNOSUPPORT", "Address family not supported by protocol"],
  105: ["ENOBUFS", "No buffer space available"],
  111: ["ECONNREFUSED", "Connection refused"],
} as const satisfies Record<number, readonly [string, string]>;

export const ESRCH = 3;
export const EPERM = 1;
export const EINTR = 4;
export const EAGAIN = 11;
export const EACCES = 13;
export const ENOENT = 2;
export const EINVAL = 22;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;
export const EPROTO = 71;
export const ENOBUFS = 105;

function describe(errno: number): readonly [code: string, text: string] {
  const known = ERRNO[errno as keyof typeof ERRNO];
  return known ?? [`E${errno}`, `error ${errno}`];
}

/** The common part of both failures: what was tried, and why it failed. */
export abstract class KernelError extends Error {
  /** What was attempted: "recvmmsg", "open /proc/vmstat". */
  readonly operation: string;
  readonly errno: number;
  readonly code: string;

  /** @param malformed what is wrong with the answer, if there is no errno */
  constructor(operation: string, errno: number, malformed?: string) {
    const [code, text] = describe(malformed === undefined ? errno : EPROTO);
    super(`${operation}: ${malformed ?? `${text} (${code})`}`);
    this.operation = operation;
    this.errno = errno;
    this.code = code;
  }
}

/** A system call returned -1. */
export class SysError extends KernelError {
  override readonly name = "SysError";

  constructor(operation: string, errno: number) {
    super(operation, errno);
  }
}

/** The kernel received a netlink request and answered with an error, or with something that is not an answer to it. */
export class NetlinkError extends KernelError {
  override readonly name = "NetlinkError";

  /** @param errno 0 when the answer was malformed or missing; `detail` then says how */
  constructor(operation: string, errno: number, detail = "malformed answer") {
    super(operation, errno, errno === 0 ? detail : undefined);
  }
}
