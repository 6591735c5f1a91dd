/**
 * The only access to libc: every symbol that iotop calls, and errno.
 *
 * Rules that bun:ffi imposes (each was seen to break):
 * - An array whose address the kernel knows must be a field of an object that lives as long as the kernel may write.
 * - Such an array is a view on `new ArrayBuffer(n)`; small arrays made with `new Uint8Array(n)` can move.
 * - Only "libc.so.6" may be opened: a name that the loader does not find is tried in the current directory.
 * - Signed 64-bit parameters (those of syscall) are never declared i32: -1 would arrive as 4294967295 once compiled.
 * - errno is read in the statement after the call that returned -1, before anything else runs.
 */
import {
  CString,
  dlopen,
  FFIType,
  ptr,
  toArrayBuffer,
  type Pointer,
} from "bun:ffi";

const SYMBOLS = {
  __errno_location: { args: [], returns: "ptr" },
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i32" },
  recvmmsg: { args: ["i32", "ptr", "u32", "i32", "ptr"], returns: "i32" },
  openat: { args: ["i32", "ptr", "i32", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i32" },
  pread: { args: ["i32", "ptr", "u64", "i64"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
  clock_gettime: { args: ["i32", "ptr"], returns: "i32" },
  posix_spawn: {
    args: ["ptr", "ptr", "ptr", "ptr", "ptr", "ptr"],
    returns: "i32",
  },
  kill: { args: ["i32", "i32"], returns: "i32" },
  setns: { args: ["i32", "i32"], returns: "i32" },
  localtime_r: { args: ["ptr", "ptr"], returns: "ptr" },
  tcflush: { args: ["i32", "i32"], returns: "i32" },
  flock: { args: ["i32", "i32"], returns: "i32" },
  setenv: { args: ["ptr", "ptr", "i32"], returns: "i32" },
  madvise: { args: ["ptr", "u64", "i32"], returns: "i32" },
  syscall: {
    args: ["i64", "i64", "ptr", "i64", "i64"],
    returns: FFIType.i64_fast,
  },
  getpwuid: { args: ["u32"], returns: "ptr" },
  getpwnam: { args: ["cstring"], returns: "ptr" },
} as const;

const load = () => dlopen("libc.so.6", SYMBOLS).symbols;
type Symbols = ReturnType<typeof load>;
export type { Pointer };

export interface Libc {
  readonly call: Symbols;
  /** errno of the calling thread. Valid only directly after a call of `call` that returned -1. */
  errno(): number;
  /** Stays the same while the view's ArrayBuffer is reachable. */
  addressOf(view: NodeJS.TypedArray): number;
  /** The login name of a uid according to the system's own look-up (NSS); null if there is none. */
  nameOfUid(uid: number): string | null;
  uidOfName(name: string): number | null;
}

let opened: Libc | undefined;

/**
 * Opens libc once per process.
 *
 * @throws Error with a plain sentence where the runtime may not make executable memory (systemd's
 * MemoryDenyWriteExecute, SELinux's execmem), which bun:ffi needs
 */
export function libc(): Libc {
  return (opened ??= openLibc());
}

function openLibc(): Libc {
  let call: Symbols;
  try {
    call = load();
  } catch (cause) {
    throw new Error(
      /JIT/.test(String(cause))
        ? // Not for want of memory: the check before the start refuses that.
          "executable memory is forbidden here (MemoryDenyWriteExecute= of systemd, or SELinux execmem), and iotop's system calls need it"
        : `the C library cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  const errnoView = new Int32Array(
    toArrayBuffer(call.__errno_location() as Pointer, 0, 4),
  );
  return {
    call,
    errno: () => errnoView[0]!,
    addressOf: (view) => ptr(view),
    nameOfUid(uid) {
      // struct passwd: char *pw_name, char *pw_passwd, u32 pw_uid ...
      const entry = call.getpwuid(uid);
      if (entry === null) return null;
      const name = new BigUint64Array(toArrayBuffer(entry, 0, 8))[0]!;
      return new CString(Number(name) as Pointer).toString();
    },
    uidOfName(name) {
      const entry = call.getpwnam(name);
      if (entry === null) return null;
      return new Uint32Array(toArrayBuffer(entry, 16, 4))[0]!;
    },
  };
}

/** System call numbers and open flags that differ between the two processors that iotop is built for. */
export const MACHINE =
  process.arch === "arm64"
    ? {
        bpf: 280,
        getdents64: 61,
        ioprioSet: 30,
        ioprioGet: 31,
        getpriority: 141,
        schedGetscheduler: 120,
        userfaultfd: 282,
        O_DIRECTORY: 0o40000,
      }
    : {
        bpf: 321,
        getdents64: 217,
        ioprioSet: 251,
        ioprioGet: 252,
        getpriority: 140,
        schedGetscheduler: 145,
        userfaultfd: 323,
        O_DIRECTORY: 0o200000,
      };

/** The same on both. */
export const PIDFD_SEND_SIGNAL = 424;
export const PIDFD_OPEN = 434;

export const O_RDONLY = 0;
export const O_CLOEXEC = 0o2000000;
export const AT_FDCWD = -100;
