// alone: a task takes the process id of another
/** The keys that act on a task, and its details, on real tasks. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Procfs } from "../../src/kernel/procfs.ts";
import { eventually } from "../support/eventually.ts";
import { ensureBinary } from "../support/binary.ts";
import { openLiveScreen } from "../support/screen/live-screen.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder, startWorkload } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const SIZE = { columns: 100, rows: 30 };
const DOWN = "\x1b[B";
const RIGHT = "\x1b[C";
const procfs = new Procfs();

/** One process is listed, and the cursor is on it. */
async function openOn(
  pid: number,
  args: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
) {
  const screen = await openLiveScreen(
    ["-P", "-d", "0.3", "-p", String(pid), ...args],
    SIZE,
    env,
  );
  await screen.until((shown) => new RegExp(`^.?\\s*${pid} `, "m").test(shown));
  screen.type(DOWN);
  return screen;
}

const classesOf = (pid: number): readonly (string | undefined)[] =>
  readdirSync(`/proc/${pid}/task`).map(
    (tid) => procfs.readIoPriority(Number(tid))?.class,
  );

const UNITS = "BKMGT";
function bytesOf(text: string): number {
  const unit = UNITS.indexOf(text.at(-1)!);
  return unit < 0
    ? Number(text)
    : Number(text.slice(0, -1)) * 1024 ** Math.max(0, unit);
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("tasks"), () => {
  test("Enter shows an open file, and its position that grows", async () => {
    using disk = diskFolder();
    const path = join(disk.path, "data");
    writeFileSync(path, "");
    truncateSync(path, 900 * 1024 ** 2);
    const reader = `
      const { openSync, readSync } = require("node:fs");
      const fd = openSync(process.argv.at(-1), "r");
      setInterval(() => readSync(fd, Buffer.alloc(65536)), 20);`;
    const child = Bun.spawn([process.execPath, "-e", reader, path]);
    try {
      await using screen = await openOn(child.pid);
      screen.type("\r");
      const at = / at +(\S+) of +900M +(\S*data)$/m;
      const first = at.exec(await screen.until((shown) => at.test(shown)))!;
      expect(first[2]).toBe(path);
      const later = await screen.until(
        (shown) => bytesOf(at.exec(shown)?.[1] ?? "0") > bytesOf(first[1]!),
      );
      expect(later).toContain(`─ ${child.pid} `);
      expect(later).toMatch(/^lifetime /m);
      screen.type("\x1b");
      await screen.until((shown) => !shown.includes("lifetime"));
    } finally {
      child.kill("SIGKILL");
      await child.exited;
    }
  });

  test("i and Enter set the priority of all threads, and the row says so", async () => {
    await using work = startWorkload("sleepers", 1, 4);
    await work.ready;
    await using screen = await openOn(work.pid);
    screen.type("i");
    await screen.until((shown) => shown.includes(`ionice ${work.pid} `));
    expect(classesOf(work.pid)).toEqual(["be", "be", "be", "be"]);
    screen.type(`${RIGHT}\r`);
    await screen.until((shown) =>
      new RegExp(`^.?\\s*${work.pid} +idle `, "m").test(shown),
    );
    expect(classesOf(work.pid)).toEqual(["idle", "idle", "idle", "idle"]);
  });

  test.each([
    ["--readonly", ["--readonly"], {}],
    ["IOTOP_NO_RENICE", [], { IOTOP_NO_RENICE: "1" }],
  ] as const)("with %s, i and K change nothing", async (_, args, env) => {
    await using work = startWorkload("sleepers", 1, 2);
    await work.ready;
    await using screen = await openOn(work.pid, args, env);
    for (const key of ["i", "K"]) {
      screen.type(key);
      await screen.until((shown) => shown.includes("read-only"));
      screen.type(`${RIGHT}\ry`);
    }
    screen.type("/");
    await screen.until((shown) => shown.includes("esc drop"));
    expect(classesOf(work.pid)).toEqual(["be", "be"]);
    expect(procfs.isExiting(work.pid)).toBe(false);
  });

  test("K and y end a process, and its row says how", async () => {
    const child = Bun.spawn(["sleep", "1000"]);
    try {
      await using screen = await openOn(child.pid);
      screen.type("K");
      await screen.until((shown) => shown.includes("y sends"));
      expect(procfs.isExiting(child.pid)).toBe(false);
      screen.type("y");
      await screen.until((shown) =>
        new RegExp(`^x\\s*${child.pid} .*signal 15`, "m").test(shown),
      );
      await child.exited;
      expect(child.signalCode).toBe("SIGTERM");
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("who has the id by then gets no signal and no priority", async () => {
    const child = Bun.spawn(["sleep", "1000"]);
    const { pid } = child;
    // After its first figures, the screen shows them for a minute.
    await using screen = await openOn(pid, ["-d", "60"]);
    child.kill("SIGKILL");
    await child.exited;
    await using heir = await takeId(pid);
    screen.type("K");
    await screen.until((shown) => shown.includes("y sends"));
    screen.type("y");
    await screen.until((shown) => shown.includes("exited, no signal sent"));
    screen.type("i");
    await screen.until((shown) => shown.includes(`${pid} sleep has exited`));
    expect(procfs.isExiting(pid)).toBe(false);
    expect(classesOf(pid)).toEqual(["be"]);
    expect(heir.exitCode).toBeNull();
  });
});

/** Another process under an id that is free. Other programs may take it first: then it is tried again. */
async function takeId(
  pid: number,
): Promise<AsyncDisposable & { readonly exitCode: number | null }> {
  const script = `
    for ((i = 0; i < 500; i++)); do
      echo ${pid - 1} > /proc/sys/kernel/ns_last_pid
      sleep 1000 &
      if [ $! = ${pid} ]; then echo taken; wait; exit; fi
      kill $!; wait
    done 2>/dev/null`;
  const shell = Bun.spawn(["bash", "-c", script], {
    stdout: "pipe",
    stderr: "ignore",
  });
  const heir = {
    get exitCode() {
      return shell.exitCode;
    },
    async [Symbol.asyncDispose]() {
      // The shell ends when the process that it waits for has.
      if (shell.exitCode === null) process.kill(pid, "SIGKILL");
      await shell.exited;
    },
  };
  for await (const bytes of shell.stdout)
    if (new TextDecoder().decode(bytes).includes("taken")) break;
  // The shell's child is a shell until it executes its program.
  await eventually(
    () => procfs.readStat(pid)?.comm ?? shell.exitCode,
    (answer) => answer === "sleep" || typeof answer === "number",
  );
  expect(shell.exitCode).toBeNull();
  return heir;
}
