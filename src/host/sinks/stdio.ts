/** Stdout and stderr where they are a terminal or a pipe: written without ever waiting for the reader. */
import {
  constants,
  fstatSync,
  openSync,
  readFileSync,
  write,
  writeSync,
} from "node:fs";
import { WriteQueue } from "./write-queue.ts";

const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
export const CONTROLLING_TERMINAL = "/dev/tty";

/**
 * A queue for the terminal or pipe of a descriptor; null if it is something else, or cannot be opened again. It is
 * opened again because O_NONBLOCK belongs to the open file, which the shell and other programs share.
 */
export function openStdioQueue(fd: 1 | 2): WriteQueue | null {
  const kind = kindOf(fd);
  if (kind === null) return null;
  const own = openAnew(fd, kind === "device");
  return own === null ? null : nonBlockingQueue(own);
}

/**
 * Uses the descriptor itself, for instance of a terminal that another user owns. Then a thread of the runtime may
 * block, but ours does not.
 */
export function pooledQueue(fd: number): WriteQueue {
  return new WriteQueue(writeInPool(fd), writeNow(fd));
}

/** @param fd was opened with O_NONBLOCK */
export function nonBlockingQueue(fd: number): WriteQueue {
  return new WriteQueue(writeNow(fd), writeNow(fd));
}

const writeNow =
  (fd: number) =>
  (bytes: Uint8Array): number =>
    writeSync(fd, bytes);

const writeInPool =
  (fd: number) =>
  (bytes: Uint8Array): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    write(fd, bytes, (error, count) =>
      error === null ? resolve(count) : reject(error),
    );
    return promise;
  };

/**
 * A device that is not a terminal, such as /dev/null, may be reported as one. node:tty could tell, but starts slowly.
 */
function kindOf(fd: number): "device" | "pipe" | null {
  try {
    const stat = fstatSync(fd);
    if (stat.isCharacterDevice()) return "device";
    return stat.isFIFO() ? "pipe" : null;
  } catch {
    return null;
  }
}

function openAnew(fd: number, isTerminal: boolean): number | null {
  const paths = [`/proc/self/fd/${fd}`];
  // A terminal's device belongs to the user who logged in, and other users cannot open it. /dev/tty can be opened by
  // anyone.
  if (isTerminal && isControllingTerminal(fd)) paths.push(CONTROLLING_TERMINAL);
  for (const path of paths) {
    try {
      return openSync(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
    } catch {}
  }
  return null;
}

function isControllingTerminal(fd: number): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    return parseTerminal(stat) === fstatSync(fd).rdev;
  } catch {
    return false;
  }
}

/** Device number of the controlling terminal, tty_nr in /proc/PID/stat; 0 if there is none. */
export function parseTerminal(stat: string): number {
  // The name of the program, in parentheses, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[4]);
}
