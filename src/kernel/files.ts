/**
 * Small files, and directories whose entries are numbers, read through libc into reused memory: the kernel's /proc and
 * /sys.
 */
import {
  AT_FDCWD,
  libc,
  MACHINE,
  O_CLOEXEC,
  O_RDONLY,
  type Libc,
} from "./libc.ts";
import { EINTR, ENAMETOOLONG, SysError } from "./errors.ts";

const PATH_BYTES = 4096;
/**
 * The most that is read of a file. Other users' processes determine the length of some files in /proc: a process may
 * claim gigabytes of untouched memory as its arguments (prctl(2), PR_SET_MM_MAP), at no cost to itself. ps has the same
 * limit.
 */
export const LONGEST_BYTES = 128 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8");

/** Opens, reads and lists. One instance for each process is enough, because nothing here waits. */
export class FileReader {
  readonly #libc: Libc = libc();
  readonly #path = new Uint8Array(new ArrayBuffer(PATH_BYTES));
  /** One byte longer than the limit, so that a longer file is detected. */
  readonly #content = new Uint8Array(new ArrayBuffer(LONGEST_BYTES + 1));
  readonly #entries = new Uint8Array(new ArrayBuffer(32 * 1024));
  readonly #entryWords = new Uint16Array(this.#entries.buffer);

  /**
   * The first bytes of a file, in memory that the next call overwrites.
   *
   * @param limitBytes at most `LONGEST_BYTES`
   * @returns the number of bytes in `content`, which is `limitBytes` + 1 when the file is longer, or minus errno
   */
  read(path: string, limitBytes = LONGEST_BYTES): number {
    const fd = this.open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fd;
    let length = 0;
    while (length <= limitBytes) {
      const room = this.#content.subarray(length, limitBytes + 1);
      const count = this.#libc.call.read(fd, room, room.length);
      if (count < 0) {
        const errno = this.#libc.errno();
        if (errno === EINTR) continue;
        this.#libc.call.close(fd);
        return -errno;
      }
      if (count === 0) break;
      length += count;
    }
    this.#libc.call.close(fd);
    return length;
  }

  get content(): Uint8Array {
    return this.#content;
  }

  /**
   * Lists the names in a directory that are decimal numbers. `into` grows if it is full.
   *
   * @param most reads no further once there are more: a process may have millions of open files
   * @returns the number of names, or minus errno
   */
  listNumbers(path: string, into: NumberList, most = Infinity): number {
    const fd = this.open(path, O_RDONLY | O_CLOEXEC | MACHINE.O_DIRECTORY);
    if (fd < 0) return fd;
    into.clear();
    const { call } = this.#libc;
    while (into.length <= most) {
      const count = Number(
        call.syscall(
          MACHINE.getdents64,
          fd,
          this.#entries,
          this.#entries.length,
          0,
        ),
      );
      if (count < 0) {
        const errno = this.#libc.errno();
        call.close(fd);
        return -errno;
      }
      if (count === 0) break;
      this.#collect(count, into);
    }
    call.close(fd);
    return into.length;
  }

  /** struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name. */
  #collect(count: number, into: NumberList): void {
    const bytes = this.#entries;
    for (let at = 0; at < count;) {
      let value = 0;
      let i = at + 19;
      for (;;) {
        const digit = bytes[i]! - 48;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
        i++;
      }
      if (bytes[i] === 0 && i > at + 19) into.push(value);
      at += this.#entryWords[(at + 16) >> 1]!;
    }
  }

  /** @returns a file descriptor, or minus errno */
  open(path: string, flags: number): number {
    const { written } = encoder.encodeInto(path, this.#path);
    if (written >= PATH_BYTES) throw new SysError(`open ${path}`, ENAMETOOLONG);
    this.#path[written] = 0;
    for (;;) {
      const fd = this.#libc.call.openat(AT_FDCWD, this.#path, flags, 0);
      if (fd >= 0) return fd;
      const errno = this.#libc.errno();
      if (errno !== EINTR) return -errno;
    }
  }
}

/** A growing list of process or thread ids. */
export class NumberList {
  #values = new Int32Array(new ArrayBuffer(4096));
  length = 0;

  get(i: number): number {
    return this.#values[i]!;
  }

  clear(): void {
    this.length = 0;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(
        new ArrayBuffer(this.#values.byteLength * 2),
      );
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }
}

let shared: FileReader | undefined;

/** The process-wide reader. */
export const fileReader = (): FileReader => (shared ??= new FileReader());

/** @returns a file descriptor, for the caller to close, or minus errno */
export const openReadOnly = (path: string): number =>
  fileReader().open(path, O_RDONLY | O_CLOEXEC);

/**
 * The text of a small file, or the first `limitBytes` of a longer one, followed by `CUT_MARK`; null if it cannot be
 * read. Bytes that are not UTF-8 become U+FFFD.
 */
export function readSmallFile(
  path: string,
  limitBytes = LONGEST_BYTES,
): string | null {
  const reader = fileReader();
  const length = reader.read(path, limitBytes);
  if (length < 0) return null;
  if (length <= limitBytes)
    return decoder.decode(reader.content.subarray(0, length));
  // A character that was cut in two is left out.
  const text = decoder.decode(reader.content.subarray(0, limitBytes));
  return text.replace(/\ufffd$/, "") + CUT_MARK;
}

/** Marks where text was left out. */
const CUT_MARK = "\u2026";
