// waits: it starts programs on terminals
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";

setDefaultTimeout(120_000);

const PROGRAM = join(
  import.meta.dir,
  "../../support/screen/screen-tty-program.ts",
);
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";

/** A program on a pseudo-terminal of 80 by 24. */
class Session implements Disposable {
  shown = "";
  readonly child: Bun.Subprocess;
  readonly #terminal: Bun.Terminal;
  readonly #decoder = new TextDecoder();
  /** Resolves when all that was written has been shown. */
  readonly #allShown = Promise.withResolvers<void>();

  constructor(command: readonly string[]) {
    this.child = Bun.spawn([...command], {
      env: { ...process.env, TERM: "xterm-256color", PS1: "$ " },
      terminal: {
        cols: 80,
        rows: 24,
        data: (_terminal, data) => {
          this.shown += this.#decoder.decode(data, { stream: true });
        },
        exit: () => this.#allShown.resolve(),
      },
    });
    this.#terminal = this.child.terminal!;
  }

  type(text: string): void {
    this.#terminal.write(text);
  }
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }
  hangUp(): void {
    this.#terminal.close();
  }

  /** Waits for text to appear behind what was awaited before. */
  async until(text: string): Promise<void> {
    await eventually(
      () => this.shown.slice(this.#seen),
      (shown) => shown.includes(text),
    );
    this.#seen = this.shown.indexOf(text, this.#seen) + text.length;
  }
  #seen = 0;

  async exit(): Promise<number | null> {
    await Promise.all([this.child.exited, this.#allShown.promise]);
    return this.child.exitCode;
  }

  count(text: string): number {
    return this.shown.split(text).length - 1;
  }

  [Symbol.dispose](): void {
    if (this.child.exitCode === null && this.child.signalCode === null)
      this.child.kill("SIGKILL");
  }
}

const open: Session[] = [];
async function start(): Promise<Session> {
  const session = new Session([process.execPath, PROGRAM]);
  open.push(session);
  await session.until("<ready 80x24>");
  return session;
}
afterEach(() => {
  for (const session of open.splice(0)) session[Symbol.dispose]();
});

/** Modes of a terminal, as the kernel has them. */
function stty(session: Session): string {
  const path = readLink(session.child.pid);
  return Bun.spawnSync(["stty", "-F", path, "-a"]).stdout.toString();
}
function readLink(pid: number): string {
  return Bun.spawnSync(["readlink", `/proc/${pid}/fd/0`])
    .stdout.toString()
    .trim();
}

describe("a terminal in raw mode", () => {
  test("hands on keys at once, sizes, and messages that came before anybody listened", async () => {
    const session = await start();
    expect(session.shown).toContain("<message early>");
    expect(session.shown).toStartWith(ENTER);
    expect(stty(session)).toContain("-icanon");
    session.type("a");
    await session.until('<input "a">');
    session.type("\x1b[A");
    await session.until('<input "\\u001b[A">');
    session.resize(100, 30);
    await session.until("<redraw 100x30>");
    session.type("b\x03");
    await session.until("<interrupt>");
    await session.until('<input "b">');
  });
});

describe("pasted text", () => {
  test("is no input, and neither interrupts nor stops", async () => {
    const session = await start();
    expect(session.shown).toContain("\x1b[?2004h");
    session.type("a\x1b[200~q\x03\x1a");
    session.type("t\x1b[201~b");
    await session.until('<input "a">');
    await session.until('<paste "q\\u0003\\u001at">');
    await session.until('<input "b">');
    expect(session.shown).not.toContain("<interrupt>");
  });

  test("that loses its end leaves the keys after it alone", async () => {
    const session = await start();
    session.type("\x1b[200~lost");
    await session.until('<paste "lost">');
    session.type("\x03");
    await session.until("<interrupt>");
    session.type("q");
    expect(await session.exit()).toBe(0);
    expect(session.shown).toContain("\x1b[?2004l");
  });
});

test("the mouse is the terminal's own, until it is asked for", async () => {
  const session = await start();
  expect(session.shown).toContain("\x1b[?1007h");
  expect(session.shown).not.toContain("?1000h");
  session.type("m");
  await session.until("\x1b[?1000h\x1b[?1006h");
  session.type("n");
  await session.until("\x1b[?1006l\x1b[?1000l");
  session.type("q");
  expect(await session.exit()).toBe(0);
  expect(session.shown).toContain("\x1b[?1007r");
});

describe("gives the terminal back, once", () => {
  test("when disposed, and holds the process no longer", async () => {
    const session = await start();
    session.type("q");
    expect(await session.exit()).toBe(0);
    expect(session.count(LEAVE)).toBe(1);
    expect(session.shown).toEndWith(LEAVE);
  });

  test("when the process exits in the middle of things", async () => {
    const session = await start();
    session.type("x");
    expect(await session.exit()).toBe(3);
    expect(session.count(LEAVE)).toBe(1);
  });

  test.each([
    ["t", "thrown"],
    ["r", "rejected"],
  ])("before a fatal error is printed (%s)", async (key, message) => {
    const session = await start();
    session.type(key);
    expect(await session.exit()).toBe(1);
    expect(session.count(LEAVE)).toBe(1);
    expect(session.shown.lastIndexOf(message)).toBeGreaterThan(
      session.shown.indexOf(LEAVE),
    );
  });

  test("but not for an error that is contained", async () => {
    const session = await start();
    session.type("c");
    await session.until('<input "c">');
    session.type("t");
    await session.until("<contained>");
    expect(session.count(LEAVE)).toBe(0);
    session.type("a");
    await session.until('<input "a">');
  });

  test("when it hangs up", async () => {
    const session = await start();
    session.hangUp();
    expect(await session.exit()).toBe(7);
  });
});

describe("stopped and continued", () => {
  test("by Ctrl-Z under a shell: given back, stopped, and drawn anew in the foreground", async () => {
    const shell = new Session(["bash", "--norc", "--noediting", "-i"]);
    open.push(shell);
    await shell.until("$ ");
    shell.type(`'${process.execPath}' '${PROGRAM}'\n`);
    await shell.until("<ready 80x24>");
    shell.type("\x1a");
    await shell.until(LEAVE);
    await shell.until("Stopped");
    await shell.until("$ ");
    expect(shell.count(LEAVE)).toBe(1);
    shell.type("fg\n");
    await shell.until(ENTER);
    await shell.until("<redraw 80x24>");
    shell.type("a");
    await shell.until('<input "a">');
    shell.type("q");
    await shell.until("$ ");
    expect(shell.count(LEAVE)).toBe(2);
    expect(shell.count(ENTER)).toBe(2);
    shell.type("stty -a\n");
    await shell.until(" icanon");
  });

  test("goes on where no shell could continue it", async () => {
    const session = await start();
    session.type("\x1a");
    await session.until("<redraw 80x24>");
    expect(session.count(ENTER)).toBe(2);
    const state = readFileSync(`/proc/${session.child.pid}/stat`, "latin1");
    expect(state.split(") ")[1]![0]).not.toBe("T");
    session.type("a");
    await session.until('<input "a">');
  });
});

describe("keys when stdin is something else", () => {
  test("come from the controlling terminal", async () => {
    const shell = new Session(["bash", "--norc", "--noediting", "-i"]);
    open.push(shell);
    await shell.until("$ ");
    shell.type(`'${process.execPath}' '${PROGRAM}' < /dev/null\n`);
    await shell.until("<ready 80x24>");
    shell.type("a");
    await shell.until('<input "a">');
    shell.type("q");
    await shell.until("$ ");
    shell.type("exit\n");
    expect(await shell.exit()).toBe(0);
  });

  test("or are done without", async () => {
    // Out of the session of this terminal: it may be written to, and is nobody's to read.
    const program = `echo "<pid $$>"; exec '${process.execPath}' '${PROGRAM}'`;
    const session = new Session([
      "sh",
      "-c",
      `setsid timeout -s KILL 100 sh -c "$0" < /dev/null & sleep 100`,
      program,
    ]);
    open.push(session);
    await session.until("<ready 80x24>");
    const pid = Number(/<pid (\d+)>/.exec(session.shown)![1]);
    session.type("a");
    // The terminal's own echo: it has the key.
    await session.until("a");
    process.kill(pid, "SIGCONT");
    await session.until("<redraw 80x24>");
    expect(session.shown).not.toContain("<input");
    process.kill(pid, "SIGKILL");
  });
});
