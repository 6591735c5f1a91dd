/** The built program on a terminal: it shows what it should, and however it ends, the terminal is as it was. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  BINARY,
  ensureBinary,
  openTerminal,
  type TerminalSession,
} from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import { linesOf, openXTerm } from "../support/screen/screen-harness.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";
const SHOW_CURSOR = "\x1b[?25h";

/** Modes that are on by number, as the output switches them, or as they were before (r). */
function modesLeftOn(output: string): string[] {
  const on = new Set<string>();
  for (const [, modes, action] of output.matchAll(/\x1b\[\?([\d;]+)([hlr])/g))
    for (const mode of modes!.split(";"))
      if (action === "h") on.add(mode);
      else on.delete(mode);
  return [...on].sort();
}

const isDrawn = (output: string): boolean =>
  output.includes("Total DISK READ") && output.includes("COMMAND");

/** The settings of a new terminal: iotop may have changed those of its own before they can be read. */
async function modesOfNew(): Promise<readonly number[]> {
  await using terminal = openTerminal(["60"], { command: ["sleep"] });
  return terminal.modes;
}

/** Starts the screen, ends it in some way, and looks at what is left of it. */
async function expectRestored(
  end: (terminal: TerminalSession) => void,
  args: readonly string[] = [],
  status = 0,
): Promise<void> {
  const before = await modesOfNew();
  await using terminal = openTerminal(["-d", "0.2", ...args]);
  await terminal.until(isDrawn);
  expect(terminal.output).toContain(ENTER);
  expect(terminal.modes).not.toEqual(before);
  end(terminal);
  expect(await terminal.exited).toEqual({ status, signal: null });
  await terminal.until((output) => output.includes(LEAVE));
  expect(terminal.modes).toEqual(before);
  // The cursor is shown and lines wrap, as everywhere; nothing else stays on.
  expect(modesLeftOn(terminal.output)).toEqual(["25", "7"]);
  // Frames leave their last style on.
  const styles = terminal.output.match(/\x1b\[[\d;]*m/g);
  expect(styles!.at(-1)).toBe("\x1b[0m");
  const tail = terminal.output.slice(terminal.output.lastIndexOf(LEAVE));
  expect(tail).not.toContain("Total DISK READ");
  expect(terminal.output).toContain(SHOW_CURSOR);
}

describe("the terminal is restored", () => {
  test.concurrent.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "by %s",
    async (signal) => {
      await expectRestored((terminal) => terminal.kill(signal));
    },
  );

  test.concurrent.each([
    ["SIGUSR1", 138],
    ["SIGUSR2", 140],
    ["SIGALRM", 142],
    ["SIGVTALRM", 154],
    ["SIGPROF", 155],
    ["SIGIO", 157],
    ["SIGXCPU", 152],
  ] as const)("by %s, with status %p", async (signal, status) => {
    await expectRestored((terminal) => terminal.kill(signal), [], status);
  });

  test.concurrent.each([
    ["q", "q"],
    ["Q", "Q"],
    ["Ctrl-C", "\x03"],
  ])("by the key %s", async (_, key) => {
    await expectRestored((terminal) => terminal.type(key));
  });

  test("at the end of -n", async () => {
    await expectRestored(() => {}, ["-n", "4"]);
  });

  test("after changes of size and a flood of keys", async () => {
    await expectRestored((terminal) => {
      terminal.resize(20, 5);
      terminal.resize(300, 100);
      terminal.type("oPa?hjk\x1b[A\x1b[B\x1b[5~\x1b[<64;3;3M\r\x1b\x1b");
      terminal.resize(1, 1);
      terminal.kill("SIGTERM");
    });
  });
});

test("stopped by Ctrl-Z for longer than an interval, it leaves what the shell shows alone", async () => {
  const shell = ["bash", "--norc", "--noediting", "-i"];
  await using terminal = openTerminal([], {
    command: shell,
    env: { PS1: "$ " },
  });
  const times = (text: string) => terminal.output.split(text).length - 1;
  await terminal.until((output) => output.includes("$ "));
  terminal.type(`'${BINARY}' -d 0.1\n`);
  await terminal.until(isDrawn);
  for (const round of [1, 2, 3]) {
    terminal.type("\x1a");
    await terminal.until(() => times("Stopped") === round);
    await Bun.sleep(300);
    terminal.type("fg\n");
    await terminal.until(() => times(ENTER) > round);
  }
  terminal.type("q");
  await terminal.until(() => times(LEAVE) === 4);
  const [, ...away] = terminal.output
    .split(LEAVE)
    .map((part) => part.split(ENTER)[0]!);
  expect(times(ENTER)).toBe(4);
  for (const text of away) expect(text).not.toContain("\x1b");
});

test("the message about a usage error does not touch the terminal", async () => {
  await using terminal = openTerminal(["--nope"]);
  expect(await terminal.exited).toEqual({ status: 2, signal: null });
  await terminal.until((output) => output.includes("unknown option"));
  expect(terminal.output).not.toContain("\x1b");
});

describe.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("ended tasks"),
  () => {
    test("are kept from the start, and shown when a asks for sums", async () => {
      using disk = diskFolder();
      const xterm = await openXTerm(100, 30);
      await using terminal = openTerminal(["-ok", "-d", "0.3"], {
        columns: 100,
        rows: 30,
        onOutput: (bytes) => xterm.write(bytes),
      });
      const lineOf = (comm: string) =>
        linesOf(xterm).find((line) => line.includes(comm)) ?? "";
      await terminal.until((output) => output.includes("active"));
      const { comm, written } = await runDds(30, disk.path);
      // Their interval is over: the row rests.
      await eventually(
        () => lineOf(comm),
        (line) => / ended \d+ s ago\)/.test(line),
      );
      terminal.type("a");
      const isThere = (line: string) => line.includes("(30 ended)");
      const line = await eventually(() => lineOf(comm), isThere);
      expect(line).toMatch(/^x +30× /);
      expect(line).toContain(` ${written / 1024}K `);
      terminal.type("pp");
      await eventually(
        () => linesOf(xterm).join("\n"),
        (shown) => shown.includes(" TID "),
      );
      expect(lineOf(comm)).toContain("(30 ended)");
      await Bun.sleep(700);
      expect(lineOf(comm)).toContain(` ${written / 1024}K `);
      xterm.dispose();
    });
  },
);
