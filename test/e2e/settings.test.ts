/** The settings file of the built program: saved, read again, judged, and shared with iotop-c. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  ensureBinary,
  openTerminal,
  runBinary,
  type TerminalSession,
} from "../support/binary.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { linesOf, openXTerm, feed } from "../support/screen/screen-harness.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

/** Not below /tmp, which root does not trust. */
const PLACE = lackOfRoot === null ? "/run" : "/tmp";

/** Wide enough for a message with a path in one line. */
const WINDOW = { columns: 160, rows: 24 };

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(PLACE, "iotop-settings-"));
  file = join(home, "iotop", "iotoprc");
});
afterEach(() => rmSync(home, { recursive: true }));

const env = () => ({ XDG_CONFIG_HOME: home });
const put = (...lines: readonly string[]): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.join("\n"), { mode: 0o600 });
};
const options = (): readonly string[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "));

const save = (...args: readonly string[]) =>
  runBinary([...args, "-W"], { env: env() });

const open = (...args: readonly string[]): TerminalSession =>
  openTerminal(["-d", "0.2", ...args], { env: env(), ...WINDOW });

/** What a terminal shows of it by now. */
async function screenOf(terminal: TerminalSession): Promise<string> {
  const xterm = await openXTerm(WINDOW.columns, WINDOW.rows);
  await feed(xterm, terminal.output);
  const lines = linesOf(xterm).join("\n");
  xterm.dispose();
  return lines;
}

/** Waits until the terminal shows it. */
async function untilShown(
  terminal: TerminalSession,
  pattern: RegExp,
): Promise<string> {
  let shown = "";
  for (;;) {
    shown = await screenOf(terminal);
    if (pattern.test(shown)) return shown;
    const length = terminal.output.length;
    await terminal.until((output) => output.length > length);
  }
}

async function quit(terminal: TerminalSession): Promise<void> {
  terminal.type("q");
  expect(await terminal.exited).toEqual({ status: 0, signal: null });
}

describe("-W", () => {
  test("saves what is given, over what was saved, and starts nothing", async () => {
    const first = await save("-oP", "-g", "w");
    expect(first).toMatchObject({
      status: 0,
      stdout: `saved in ${file}\n`,
      stderr: "",
    });
    expect(options()).toEqual(["--only", "--processes", "--grtype=w"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await save("--no-only", "--sort=-user", "-d0.5");
    expect(options()).toEqual([
      "--processes",
      "#: --sort=-user",
      "--grtype=w",
      "#: --delay=0.5",
    ]);
  });

  test("keeps what it does not understand, and says so", async () => {
    put("--only", "--nope", "");
    const { status, stderr } = await save("--no-only");
    expect(status).toBe(0);
    expect(stderr).toBe(
      `iotop: ${file}, line 2: --nope is not an option of the screen: not used\n`,
    );
    expect(options()).toEqual(["--nope"]);
  });

  test.each([undefined, "", "not/absolute"])(
    "without a home is an error in one line: HOME=%s",
    async (home) => {
      const { status, stdout, stderr } = await runBinary(["-W"], {
        env: { XDG_CONFIG_HOME: undefined, HOME: home },
      });
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toBe(
        "iotop: the settings file has no place, because HOME is not an absolute path\n",
      );
    },
  );
});

describe("the screen", () => {
  test("o g W, start again: the same; the file has long options alone", async () => {
    await using terminal = open();
    await untilShown(terminal, /COMMAND/);
    terminal.type("og");
    await untilShown(terminal, /GRAPH\[IO\]|o: all/);
    terminal.type("W");
    await untilShown(terminal, /saved in/);
    await quit(terminal);
    expect(options()).toContain("--only");
    expect(options()).toContain("--grtype=io");
    for (const line of options()) expect(line).toMatch(/^(#: )?--[a-z]/);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await using again = open();
    await untilShown(again, /COMMAND/);
    again.type("W");
    await untilShown(again, /saved in/);
    await quit(again);
    expect(options()).toContain("--only");
  });

  test("takes the file's options, and the command line over them", async () => {
    put("--only", "--help-type=win");
    await using terminal = open("--no-only", "-H", "inline");
    const shown = await untilShown(terminal, /COMMAND/);
    expect(shown).not.toContain("idle hidden");
    await quit(terminal);
  });

  test("shows one warning about lines that it does not take, and keeps them", async () => {
    put("--output x.ts", "--source=none", "--only");
    await using terminal = open();
    await untilShown(terminal, /line 1: --output is not an option of the/);
    await quit(terminal);
    expect(existsSync(join(home, "x.ts"))).toBe(false);
    expect(options()).toEqual(["--output x.ts", "--source=none", "--only"]);
  });

  test("takes no file with --no-config, and saves nowhere", async () => {
    put("--nope");
    await using terminal = open("--no-config");
    await untilShown(terminal, /COMMAND/);
    terminal.type("W");
    await untilShown(terminal, /nothing is saved/);
    expect(terminal.output).not.toContain("--nope is not");
    await quit(terminal);
  });
});

test.each([
  ["--readonly", ["--readonly"], {}],
  ["IOTOP_NO_RENICE", [], { IOTOP_NO_RENICE: "1" }],
] as const)("%s: no key acts, and each says why", async (name, args, more) => {
  const self = ["-P", "-p", String(process.pid)];
  await using terminal = openTerminal(["-d", "0.2", ...self, ...args], {
    env: { ...env(), ...more },
    ...WINDOW,
  });
  await untilShown(terminal, /COMMAND/);
  for (const key of ["i", "K", "\x14"]) {
    terminal.type(`j${key}`);
    await untilShown(terminal, new RegExp(`read-only by ${name}`));
    // Another message takes its place.
    terminal.type("W");
    await untilShown(terminal, /saved in/);
  }
  await quit(terminal);
});

test("nothing but the screen reads it: a broken one harms no log", async () => {
  put("--only", "--kilobytes", "--nope", "--delay=9999");
  const { status, stdout, stderr } = await runBinary(
    ["-b", "-n1", "-d0.2", "-qqq"],
    { env: env() },
  );
  expect(status).toBe(0);
  expect(stderr).not.toContain("--nope");
  expect(stdout).toContain("0.00 B/s");
});

describe.skipIf(lackOfRoot !== null)(needing("as root", lackOfRoot), () => {
  test("a file that others can write is one warning, and not used", async () => {
    put("--help-type=win");
    chmodSync(file, 0o666);
    await using terminal = open();
    const shown = await untilShown(terminal, /can be written by others/);
    expect(shown).toContain("is not used");
    await quit(terminal);

    const saved = await save("-o");
    expect(saved.status).toBe(1);
    expect(saved.stderr).toMatch(/^iotop: [^\n]* is not written: [^\n]*\n$/);
    expect(options()).toEqual(["--help-type=win"]);
  });
});

const lackOfC = lackOf("iotop-c");
describe.skipIf(lackOfC !== null || lackOfRoot !== null)(
  needing("iotop-c", lackOfC, lackOfRoot),
  () => {
    // Before 1.26 it knows no XDG_CONFIG_HOME.
    const runC = (args: readonly string[]) => {
      mkdirSync(join(home, ".config"), { recursive: true });
      return runBinary(args, {
        command: ["iotop-c"],
        env: { HOME: home, XDG_CONFIG_HOME: join(home, ".config") },
      });
    };
    const ours = (args: readonly string[]) =>
      runBinary(args, {
        env: { HOME: home, XDG_CONFIG_HOME: undefined },
      });

    test("starts with a file that has everything that we save", async () => {
      const every = [
        "-okcTN",
        "--no-fullcmdline",
        "-A",
        "-P",
        "-123456789",
        "--show-unit",
        "--sort=+user",
        "--filter=^a",
        "--si",
        "--ended=each",
        "--group-by=unit",
        "--disks=all",
        "--theme=dark",
        "--glyphs=braille",
        "-l",
        "--no-help",
        "--mouse",
        "--readonly",
        "-d0.5",
        "-gsw",
      ];
      const saved = await ours([...every, "-W"]);
      expect(saved).toMatchObject({ status: 0, stderr: "" });
      const { status, stdout, stderr } = await runC(["-b", "-n1"]);
      expect(stderr).not.toContain("option");
      expect(status).toBe(0);
      // It was told to use kilobytes, of 1,000 bytes or not.
      expect(stdout).toMatch(/Total DISK READ: +\d+\.\d\d K/);
    });

    test("writes a file that we take without a word", async () => {
      await runC(["-oPkAc", "-2", "--si", "-x", "-R", "-gw", "-d3", "-W"]);
      const saved = await ours(["-W"]);
      expect(saved).toMatchObject({ status: 0, stderr: "" });
      const text = readFileSync(
        join(home, ".config", "iotop", "iotoprc"),
        "utf8",
      );
      expect(text.split("\n")).toEqual(
        expect.arrayContaining([
          "--only",
          "--processes",
          "--accum-bw",
          "--kilobytes",
          "--si",
          "--hide-prio",
          "--grtype=w",
          "--delay=3",
          // Of no use to us, but its own.
          "--dead-x",
          "--reverse-graph",
          "--threshold=2",
        ]),
      );
    });
  },
);
