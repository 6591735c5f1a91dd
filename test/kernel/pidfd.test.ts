// waits: it starts programs
import { expect, setDefaultTimeout, test } from "bun:test";
import { ENOSYS, ESRCH } from "../../src/kernel/errors.ts";
import { Pidfd } from "../../src/kernel/pidfd.ts";
import { needing } from "../support/needs.ts";

setDefaultTimeout(120_000);

const LACK = Pidfd.open(process.pid) === ENOSYS ? "Linux 5.3" : null;
const opened = (pid: number): Pidfd => {
  const process = Pidfd.open(pid);
  if (typeof process === "number") throw new Error(`errno ${process}`);
  return process;
};

test.skipIf(LACK !== null)(
  needing("a signal reaches the process, and then nobody", LACK),
  async () => {
    const child = Bun.spawn(["sleep", "100"]);
    using process = opened(child.pid);
    expect(process.signal(0)).toBe(0);
    expect(process.signal(10)).toBe(0);
    await child.exited;
    expect(child.signalCode).toBe("SIGUSR1");
    expect(process.signal(10)).toBe(ESRCH);
  },
);

test.skipIf(LACK !== null)(
  needing("a signal that does not exist is refused", LACK),
  async () => {
    const child = Bun.spawn(["sleep", "100"]);
    using process = opened(child.pid);
    expect(process.signal(1000)).toBeGreaterThan(0);
    child.kill();
    await child.exited;
  },
);

test("an id that nobody has opens nothing", () => {
  expect(Pidfd.open(4_194_000)).toBe(LACK !== null ? ENOSYS : ESRCH);
});
