/**
 * Safe as root: nothing in the current directory and nothing in the environment makes the built file run code, listen
 * or write. Each trap is first sprung by a careless build of the same runtime, so that none is a dud.
 */
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { variableNames } from "../../src/runtime/disarm.ts";
import { findBun, nativeTarget } from "../../src/runtime/targets.ts";
import {
  BINARY,
  ensureBinary,
  runBinary,
  startBinary,
  VERSION_OUTPUT,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { ownPlace } from "../support/servers/own-place.ts";
import { setTraps, type Traps } from "../support/machine/traps.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

/** Without the line about delay accounting: any program may switch that while the tests run. */
const ownNotices = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => !line.includes("delay accounting"))
    .join("\n");

const VERSION_ONLY = {
  status: 0,
  signal: null,
  stdout: expect.stringMatching(VERSION_OUTPUT),
  stderr: "",
};

let traps: Traps;
let scratch: string;
/** The same runtime with everything as it is by default. */
let careless: string;
/** What iotop has to say on this machine wherever it is started, such as that delay accounting is off. */
let notices: string;

beforeAll(async () => {
  traps = setTraps();
  scratch = mkdtempSync(join(tmpdir(), "iotop-hardening-"));
  const entry = join(scratch, "careless.ts");
  writeFileSync(
    entry,
    `import { dlopen } from "bun:ffi";
    if (process.argv[2] === "dlopen") dlopen(process.argv[3]!, { getpid: { args: [], returns: "i32" } });
    if (process.argv[2] === "wait") await Bun.sleep(20_000);
    console.log("careless", process.env.TRAP);`,
  );
  careless = join(scratch, "careless");
  const { exitCode, stderr } = Bun.spawnSync(
    [process.execPath, "build", "--compile", entry, "--outfile", careless],
    { stderr: "pipe" },
  );
  if (exitCode !== 0) throw new Error(stderr.toString());
  const elsewhere = await runBinary(["-b", "-d", "0.1", "-n", "1"], {
    cwd: "/",
  });
  expect(elsewhere.status).toBe(0);
  notices = ownNotices(elsewhere.stderr);
});

afterAll(() => {
  traps[Symbol.dispose]();
  rmSync(scratch, { recursive: true });
});

afterEach(() => {
  traps.sprung();
  for (const name of traps.newFiles())
    rmSync(join(traps.path, name), { recursive: true, force: true });
});

const runCareless = (
  args: readonly string[],
  env: Record<string, string> = {},
) => runBinary(args, { command: [careless], cwd: traps.path, env });

const runThere = (args: readonly string[], env: Record<string, string> = {}) =>
  runBinary(args, { cwd: traps.path, env });

/** Nothing was run and nothing was written. */
function expectNoHarm(): void {
  expect(traps.sprung()).toEqual([]);
  expect(traps.newFiles()).toEqual([]);
}

/** Addresses of all TCP sockets on which a process listens, as /proc/net/tcp writes them. */
function listeningSockets(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/fd/${fd}`).match(
            /^socket:\[(\d+)\]/,
          )?.[1] ?? []
        );
      } catch {
        return [];
      }
    }),
  );
  return ["tcp", "tcp6"]
    .flatMap((name) =>
      readFileSync(`/proc/${pid}/net/${name}`, "utf8").split("\n").slice(1),
    )
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A" && inodes.has(fields[9]!))
    .map((fields) => fields[1]!);
}

describe("a hostile current directory", () => {
  test("its traps work", async () => {
    const { stdout } = await runCareless([]);
    expect(traps.sprung()).toEqual(["bunfig.toml"]);
    expect(stdout).toMatch(/^careless \.env/);
    await runCareless(["dlopen", "libc.musl-x86_64.so.1"]);
    expect(traps.sprung()).toContain("library");
  });

  test.each([
    "--version",
    "--help",
    "--list-outputs",
    "-b -d 0.1 -n 1",
    "-boPa -d 0.1 -n 1",
    "--output jsonl -d 0.1 -n 1",
  ])("has no effect on iotop %s", async (line) => {
    const { status, stderr } = await runThere(line.split(" "));
    expect(["", notices]).toContain(ownNotices(stderr));
    expect(status).toBe(0);
    expectNoHarm();
  });

  test("is not read: no file below it is opened or even looked for", async () => {
    const log = join(scratch, "strace.log");
    for (const args of [
      ["--version"],
      ["--help"],
      ["-b", "-d", "0.1", "-n", "1"],
    ]) {
      const { status } = await runBinary(args, {
        command: [
          "strace",
          ...["-f", "-qq", "-s", "4096", "-o", log],
          ...["-e", "trace=%file", BINARY],
        ],
        cwd: traps.path,
      });
      expect(status).toBe(0);
      const calls = readFileSync(log, "utf8").split("\n");
      expect(calls.length).toBeGreaterThan(10);
      expect(calls.filter((line) => looksBelow(line, traps.path))).toEqual([]);
    }
  });

  test("would show in the trace", async () => {
    const log = join(scratch, "strace-careless.log");
    await runBinary([], {
      command: [
        "strace",
        ...["-f", "-qq", "-s", "4096", "-o", log],
        ...["-e", "trace=%file", careless],
      ],
      cwd: traps.path,
    });
    const seen = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => looksBelow(line, traps.path))
      .join("\n");
    expect(seen).toContain("bunfig.toml");
    expect(seen).toContain(".env");
  });
});

/** Whether a line of strace is a call with a path in the directory: absolute, or relative to where the process is. */
function looksBelow(line: string, directory: string): boolean {
  const call = /^\d+ +(\w+)\((.*)$/.exec(line);
  if (call === null) return false;
  const [, name, args] = call;
  if (name === "getcwd") return false;
  const paths = [...args!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(
    ([, path]) => path!,
  );
  // What follows is arguments, or what the link says.
  if (/^(execve|readlink)/.test(name!)) paths.length = 1;
  const isRelativeToHere = !/^\d/.test(args!);
  return paths.some(
    (path) =>
      path === directory ||
      path.startsWith(`${directory}/`) ||
      (isRelativeToHere && !path.startsWith("/")),
  );
}

describe("the runtime's own variables", () => {
  test("work in a careless build", async () => {
    const preload = await runCareless([], {
      BUN_OPTIONS: `--preload=${traps.script}`,
    });
    expect(preload.status).toBe(0);
    expect(traps.sprung()).toContain("trap.ts");
    const { stdout } = await runCareless(["--revision"], { BUN_BE_BUN: "1" });
    expect(stdout).toMatch(/^1\.\d+\.\d+\+/);
    expect(
      (await runCareless([], { BUN_JSC_noSuchOption: "1" })).status,
    ).not.toBe(0);
    await runCareless([], {
      BUN_OPTIONS: "--cpu-prof --cpu-prof-dir=./victim",
    });
    expect(traps.newFiles()).toContain("victim");
  });

  /** Each name with a plain value, and with the path of a file to read, run or write. */
  test("have no effect, one by one", async () => {
    const names = variableNames(readFileSync(findBun(nativeTarget())));
    expect(names.length).toBeGreaterThan(100);
    const expectVersion = async (name: string, value: string) => {
      const outcome = await runThere(["--version"], { [name]: value });
      expect({ name, value, ...outcome }).toEqual({
        name,
        value,
        ...VERSION_ONLY,
      });
    };
    for (const name of names)
      await Promise.all(
        ["1", traps.script, traps.victim].map((value) =>
          expectVersion(name, value),
        ),
      );
    expectNoHarm();
  });

  test.each([
    ["BUN_OPTIONS", "--preload=./trap.ts"],
    ["BUN_OPTIONS", "--config=./bunfig.toml"],
    ["BUN_OPTIONS", "--revision"],
    ["BUN_OPTIONS", "--help"],
    ["BUN_OPTIONS", "--cpu-prof --cpu-prof-dir=./victim"],
    ["BUN_OPTIONS", "--heap-prof --heap-prof-dir=./victim"],
    ["BUN_INSPECT_PRELOAD", "./trap.ts"],
    ["BUN_JSC_dumpOptions", "2"],
    ["BUN_JSC_functionOverrides", "./trap.ts"],
    ["BUN_JSC_jitDumpDirectory", "./victim"],
    ["BUN_JSC_noSuchOption", "1"],
    ["BUN_JSC_useJIT", "0"],
    ["BUN_JSC_useSamplingProfiler", "1"],
    ["NODE_OPTIONS", "--require ./trap.cjs"],
    ["NODE_PATH", "./node_modules"],
    ["NODE_V8_COVERAGE", "./victim"],
    ["JSC_dumpOptions", "2"],
    ["XDG_CONFIG_HOME", "."],
    ["HOME", "."],
    ["TMPDIR", "./victim"],
  ])("%s=%s has no effect on a sample", async (name, value) => {
    const { status, stdout, stderr } = await runThere(
      ["-b", "-d", "0.1", "-n", "1"],
      {
        [name]: value,
      },
    );
    expect(ownNotices(stderr)).toBe(notices);
    expect(stdout).toContain("Total DISK READ");
    expect(status).toBe(0);
    expectNoHarm();
  });

  test("do not turn the file into the bun command line", async () => {
    for (const args of [["run", traps.script], [traps.script]]) {
      await runCareless(args, { BUN_BE_BUN: "1" });
      expect(traps.sprung()).toContain("trap.ts");
      const { status, stdout } = await runThere(args, { BUN_BE_BUN: "1" });
      expect(stdout).toBe("");
      expect(status).toBe(2);
      expectNoHarm();
    }
  });

  test("open no debugger", async () => {
    const place = ownPlace().text;
    const env = { BUN_INSPECT: place };
    {
      await using dud = startBinary(["wait"], { command: [careless], env });
      await eventually(
        () => listeningSockets(dud.pid),
        (sockets) => sockets.length > 0,
      );
    }
    for (const variables of [
      env,
      { BUN_INSPECT: `ws://${place}/x?break=1` },
      { BUN_INSPECT_CONNECT_TO: `tcp://${place}` },
      { BUN_OPTIONS: `--inspect=${place}` },
    ]) {
      await using running = startBinary(["-b", "-d", "0.2"], {
        cwd: traps.path,
        env: variables,
      });
      await running.until((text) => text.split("Total DISK READ").length > 2);
      expect(listeningSockets(running.pid)).toEqual([]);
      expect(ownNotices(running.stderr)).toBe(notices);
    }
  });

  test("are not reached by an environment that no shell would make", async () => {
    const launcher = join(scratch, "launch");
    const { exitCode } = Bun.spawnSync(
      ["gcc", "-o", launcher, "-x", "c", "-"],
      {
        stdin: Buffer.from(LAUNCHER),
      },
    );
    expect(exitCode).toBe(0);
    chmodSync(launcher, 0o755);
    const { status, stdout, stderr } = await runBinary([BINARY, "--version"], {
      command: [launcher],
      cwd: traps.path,
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: VERSION_ONLY.stdout,
      stderr: "",
    });
    expectNoHarm();
  });
});

describe("a user's module", () => {
  // As root iotop takes modules only from where nobody else can write, so not from /tmp.
  let home: string;
  beforeAll(() => {
    const isRoot = process.getuid!() === 0;
    home = mkdtempSync(
      isRoot ? "/run/iotop-module-" : join(tmpdir(), "iotop-"),
    );
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test("that needs a package that is not there does not bring it in from outside", async () => {
    const log = join(home, "strace.log");
    const module = join(home, "needy.ts");
    writeFileSync(
      module,
      `import "a-package-that-nobody-installed";
      export default { api: 1, name: "needy", summary: "", create: () => ({ write() {} }) };`,
    );
    const { status, stderr } = await runBinary(
      ["--output", module, "-n", "1"],
      {
        command: [
          ...["strace", "-f", "-qq", "-o", log],
          ...["-e", "trace=connect,execve", BINARY],
        ],
        cwd: home,
      },
    );
    expect(status).toBe(2);
    expect(stderr).toContain("a-package-that-nobody-installed");
    const trace = readFileSync(log, "utf8");
    expect(trace.match(/execve\(/g)).toHaveLength(1);
    expect(trace).not.toContain("connect(");
  });
});

/**
 * Entries without a name, and entries that in memory follow an empty one: what a blanked name might match if the
 * runtime compared bytes without regard to where an entry ends.
 */
const LAUNCHER = `
  #include <unistd.h>
  int main(int argc, char **argv) {
    char *envp[] = {
      "", "UN_BE_BUN=1", "", "UN_JSC_noSuchOption=1", "=1", "=--revision",
      "", "UN_OPTIONS=--revision", "", "UN_INSPECT=127.0.0.1:1", "BUN_BE_BUN",
      "BUN_BE_BUN=1", "BUN_JSC_=1", "BUN_OPTIONS=--revision", "BUN_OPTIONS", 0,
    };
    return execve(argv[1], argv + 1, envp);
  }`;
