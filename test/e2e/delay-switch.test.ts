// alone: it switches the kernel's delay accounting
/** Ctrl-T switches delay accounting, and every end of iotop puts it back. */
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import {
  openLiveScreen,
  type LiveScreen,
} from "../support/screen/live-screen.ts";
import { needing } from "../support/needs.ts";
import { TASKSTATS_REFUSAL } from "../support/machine/taskstats-client.ts";
import { diskFolder, startWorkload } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const SWITCH = "/proc/sys/kernel/task_delayacct";
const CTRL_T = "\x14";
const value = (): string => readFileSync(SWITCH, "utf8").trim();

const lack = (() => {
  try {
    writeFileSync(SWITCH, readFileSync(SWITCH, "utf8"));
    return TASKSTATS_REFUSAL;
  } catch {
    return "a switch for delay accounting";
  }
})();

describe.skipIf(lack !== null)(needing("Ctrl-T", lack), () => {
  let before: string | undefined;
  const restore = (): void => {
    if (before !== undefined) writeFileSync(SWITCH, before);
  };
  beforeAll(() => {
    before = readFileSync(SWITCH, "utf8");
    // A run of the tests may be ended early.
    process.once("exit", restore);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => process.exit(1));
  });
  beforeEach(() => writeFileSync(SWITCH, "0\n"));
  afterAll(restore);

  /** On, and said so. */
  async function switchOn(screen: LiveScreen): Promise<void> {
    await screen.until((shown) => shown.includes("COMMAND"));
    await screen.until((shown) => /\d processes/.test(shown));
    screen.type(CTRL_T);
    await screen.until((shown) => shown.includes("start from now on"));
    expect(value()).toBe("1");
  }
  const open = (args: readonly string[] = []) =>
    openLiveScreen(["-P", "-d", "0.3", ...args], { columns: 100, rows: 30 });

  test("a task that starts after it has waits, and the end turns it off", async () => {
    using disk = diskFolder();
    await using screen = await open();
    await switchOn(screen);
    await using work = startWorkload(
      ...["steady", 256, join(disk.path, "file"), 5],
    );
    await work.ready;
    screen.type(`/^${work.pid}$\r`);
    await screen.until((shown) =>
      new RegExp(`^.?\\s*${work.pid} .*[1-9][\\d.]* ?%`, "m").test(shown),
    );
    screen.type("q");
    await screen.session.exited;
    expect(value()).toBe("0");
  });

  test.each(["SIGTERM", "SIGHUP", "SIGUSR1"] as const)(
    "%s puts it back",
    async (signal) => {
      await using screen = await open();
      await switchOn(screen);
      screen.session.kill(signal);
      await screen.session.exited;
      expect(value()).toBe("0");
    },
  );

  test("the end leaves alone what somebody else has set meanwhile", async () => {
    writeFileSync(SWITCH, "1\n");
    await using screen = await open();
    await screen.until((shown) => /\d processes/.test(shown));
    screen.type(CTRL_T);
    await eventually(value, (now) => now === "0");
    writeFileSync(SWITCH, "1\n");
    screen.type("q");
    await screen.session.exited;
    expect(value()).toBe("1");
  });

  test("locked, it stays as it is", async () => {
    await using screen = await open(["--readonly"]);
    await screen.until((shown) => /\d processes/.test(shown));
    screen.type(CTRL_T);
    await screen.until((shown) => shown.includes("read-only"));
    expect(value()).toBe("0");
  });
});
