/** kernel.task_delayacct, which is the machine's: what iotop changed is put back when it ends. */
import { readFileSync, writeFileSync } from "node:fs";
import { describeError, errorCode } from "../../errors.ts";

export class DelaySwitch implements Disposable {
  readonly #path: string;
  /** As it was before the first change. */
  #before: string | null = null;
  /** As it was last set here. */
  #written: string | null = null;
  readonly #restore = (): void => this.#putBack();

  /** @param path tests have their own */
  constructor(path = "/proc/sys/kernel/task_delayacct") {
    this.#path = path;
  }

  /** @returns null if it is done, else one sentence that says why not */
  set(on: boolean): string | null {
    try {
      this.#before ??= readFileSync(this.#path, "utf8");
      const value = on ? "1\n" : "0\n";
      // An exit that nobody foresaw ends with this event too.
      if (this.#written === null) process.on("exit", this.#restore);
      writeFileSync(this.#path, value, { flag: "r+" });
      this.#written = value;
      return null;
    } catch (error) {
      return explain(error);
    }
  }

  /** Unless somebody else has changed it since. */
  #putBack(): void {
    const before = this.#before;
    const written = this.#written;
    this.#before = null;
    this.#written = null;
    process.off("exit", this.#restore);
    if (before === null || written === null) return;
    try {
      const now = readFileSync(this.#path, "utf8");
      if (now.trim() === written.trim())
        writeFileSync(this.#path, before, { flag: "r+" });
    } catch {
      // It was there and could be written; if rights have been given up since, nobody is left to be told.
    }
  }

  [Symbol.dispose](): void {
    this.#putBack();
  }
}

function explain(error: unknown): string {
  switch (errorCode(error)) {
    case "ENOENT":
      return "this kernel has no switch for delay accounting (kernel.task_delayacct, Linux 5.14)";
    case "EACCES":
    case "EPERM":
      return "only root can switch delay accounting (kernel.task_delayacct)";
    case "EROFS":
      return "delay accounting cannot be switched from inside this container (kernel.task_delayacct)";
    default:
      return `delay accounting was not switched: ${describeError(error)}`;
  }
}
