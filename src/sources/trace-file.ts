/** The file of `--source NAME,trace=FILE`. */
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { UsageError, describeError, errorCode } from "../errors.ts";
import type { Trace } from "../sampler/trace.ts";

const FLAGS =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  // A FIFO or a link that somebody has put there would stop iotop, or be written through.
  constants.O_NONBLOCK |
  constants.O_NOFOLLOW;
/** Lines are written in lots of about this size. */
const LOT_CHARACTERS = 1 << 16;

/**
 * Appends to a file, which is made if need be and is the owner's alone.
 *
 * @throws UsageError if that cannot be done
 */
export function openTrace(path: string): Trace & Disposable {
  let fd: number;
  try {
    fd = openSync(path, FLAGS, 0o600);
  } catch (error) {
    // The runtime's words are about too many links.
    const isLink = errorCode(error) === "ELOOP";
    const reason = isLink ? "it is a link" : describeError(error);
    throw new UsageError(`trace=${path} cannot be written: ${reason}`);
  }
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw new UsageError(`trace=${path} must be a file`);
  }
  let waiting = "";
  const flush = (): void => {
    writeSync(fd, waiting);
    waiting = "";
  };
  return {
    write(line) {
      waiting += `${line}\n`;
      if (waiting.length >= LOT_CHARACTERS) flush();
    },
    [Symbol.dispose]() {
      flush();
      closeSync(fd);
    },
  };
}
