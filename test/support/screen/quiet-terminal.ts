/** A pseudo-terminal whose other side reads only when the test does: a frozen connection, as the program sees it. */
import { dlopen, ptr } from "bun:ffi";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { errorCode } from "../../../src/errors.ts";
import { BASE_ENV, BINARY } from "../binary.ts";

const { symbols: call } = dlopen("libc.so.6", {
  grantpt: { args: ["i32"], returns: "i32" },
  unlockpt: { args: ["i32"], returns: "i32" },
  ptsname_r: { args: ["i32", "ptr", "u64"], returns: "i32" },
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
});

/** asm-generic/ioctls.h. */
const TIOCSWINSZ = 0x5414;

export interface QuietTerminalOptions {
  /** The terminal is not that of its session, which has none. */
  readonly isForeign?: boolean;
  /** Another program than iotop, with its leading arguments. */
  readonly command?: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
}

export class QuietTerminal implements AsyncDisposable {
  readonly child: Bun.Subprocess;
  /** The terminal's device. */
  readonly path: string;
  /** As `stty -g` has them, before the program ran. */
  readonly modesAtFirst: string;
  /** All that was read. */
  output = "";
  #master: number | null;
  readonly #decoder = new TextDecoder();

  constructor(
    args: readonly string[],
    {
      isForeign = false,
      command = [BINARY],
      columns = 80,
      rows = 24,
    }: QuietTerminalOptions = {},
  ) {
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    this.#master = openSync("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
    this.path = nameOf(this.#master);
    const size = new Uint16Array(new ArrayBuffer(8));
    size.set([rows, columns]);
    call.ioctl(this.#master, TIOCSWINSZ, ptr(size));
    const slave = openSync(this.path, O_RDWR | O_NOCTTY);
    const stty = ["stty", "-F", this.path, "-g"];
    this.modesAtFirst = Bun.spawnSync(stty).stdout.toString();
    try {
      const session = isForeign ? ["setsid"] : ["setsid", "--ctty"];
      this.child = Bun.spawn([...session, ...command, ...args], {
        env: BASE_ENV,
        stdio: [slave, slave, slave],
      });
    } finally {
      closeSync(slave);
    }
  }

  /** Writes to the terminal, beside the program, until it takes no more. */
  fill(): void {
    const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants;
    const fd = openSync(this.path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    // The kernel moves what was written from one buffer to the next, and then has room once more.
    for (let refusals = 0; refusals < 5;) {
      try {
        writeSync(fd, ".".repeat(4096));
        refusals = 0;
      } catch (error) {
        if (errorCode(error) !== "EAGAIN") throw error;
        refusals++;
        Bun.sleepSync(4);
      }
    }
    closeSync(fd);
  }

  /** Reads what is there. */
  read(): string {
    const bytes = Buffer.alloc(65536);
    for (;;) {
      try {
        const count = readSync(this.#master!, bytes);
        if (count === 0) return this.output;
        this.output += this.#decoder.decode(bytes.subarray(0, count), {
          stream: true,
        });
      } catch {
        // Nothing more for now, or nobody is left on the other side.
        return this.output;
      }
    }
  }

  type(keys: string): void {
    writeSync(this.#master!, keys);
  }

  /** The window is closed, the connection is gone. */
  hangUp(): void {
    if (this.#master !== null) closeSync(this.#master);
    this.#master = null;
  }

  async exited(): Promise<{
    readonly status: number | null;
    readonly signal: NodeJS.Signals | null;
  }> {
    await this.child.exited;
    const { exitCode, signalCode } = this.child;
    return { status: exitCode, signal: signalCode as NodeJS.Signals | null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.exited;
    this.hangUp();
  }
}

function nameOf(master: number): string {
  const name = new Uint8Array(new ArrayBuffer(64));
  if (call.grantpt(master) !== 0 || call.unlockpt(master) !== 0)
    throw new Error("no pseudo-terminal");
  call.ptsname_r(master, ptr(name), name.length);
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}
