/** What a machine may keep from iotop: each way to start ends in figures, or in one sentence that names the cause. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BINARY,
  copyBinary,
  ensureBinary,
  runBinary,
  startBinary,
  VERSION_OUTPUT,
} from "../support/binary.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const scratch = mkdtempSync(join(tmpdir(), "iotop-limits-"));
chmodSync(scratch, 0o755);
afterAll(() => rmSync(scratch, { recursive: true }));

const NO_EMULATOR =
  process.arch === "x64" ? lackOf("qemu-x86_64-static") : "x86-64";
const SAMPLE = ["-b", "-P", "-n", "2", "-d", "0.1"];

/** Runs iotop after a line of shell, in the same process. */
const runAfter = (line: string, args: readonly string[]) =>
  runBinary(args, {
    command: ["sh", "-c", `${line}; exec "$0" "$@"`, BINARY],
    cwd: scratch,
  });

describe("address space", () => {
  test.each([
    "ulimit -v 786432",
    "ulimit -d 458752",
    "ulimit -v 800000; ulimit -d 500000",
  ])("is enough under %s", async (limit) => {
    const { status, stdout } = await runAfter(limit, SAMPLE);
    expect(status).toBe(0);
    expect(stdout.match(/^Total DISK READ/gm)).toHaveLength(2);
  });

  test("is not taken beyond what is said", async () => {
    await using running = startBinary(["-b", "-P", "-d", "0.1"]);
    await running.until((text) => text.split("Total DISK READ").length > 3);
    const text = readFileSync(`/proc/${running.pid}/status`, "utf8");
    const peakKib = Number(/^VmPeak:\s+(\d+) kB/m.exec(text)?.[1]);
    expect(peakKib).toBeGreaterThan(100 * 1024);
    expect(peakKib).toBeLessThan(768 * 1024);
  });
});

/** The whole of what iotop has to say, and nothing of the runtime beneath it. */
async function expectRefusal(
  run: ReturnType<typeof runBinary>,
  cause: string,
): Promise<void> {
  const { status, stdout, stderr } = await run;
  expect(stderr).toMatch(/^iotop: .*\n$/);
  expect(stderr.split("\n")).toHaveLength(2);
  expect(stderr).toContain(cause);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
}

describe("what is limited too far is named, with the amount needed:", () => {
  const ADDRESS_SPACE =
    "the address space is limited to less than the 768 MiB that iotop needs (ulimit -v";
  const DATA =
    "the data size is limited to less than the 448 MiB that iotop needs (ulimit -d";
  const STACK =
    "the stack is limited to less than the 256 KiB that iotop needs (ulimit -s";
  const OPEN_FILES =
    "open files are limited to fewer than the 32 that iotop needs (ulimit -n";
  test.each([
    ["ulimit -v 786431", ADDRESS_SPACE],
    ["ulimit -v 300000", ADDRESS_SPACE],
    ["ulimit -v 150000", ADDRESS_SPACE],
    ["ulimit -d 458751", DATA],
    ["ulimit -d 16384", DATA],
    ["ulimit -s 255", STACK],
    ["ulimit -s 64", STACK],
    ["ulimit -n 31", OPEN_FILES],
    ["ulimit -n 4", OPEN_FILES],
  ])("%s", async (limit, cause) => {
    await expectRefusal(runAfter(limit, SAMPLE), cause);
    await expectRefusal(runAfter(limit, ["--version"]), cause);
  });

  test.skipIf(lackOfRoot !== null)(
    needing("ulimit -u, without privileges", lackOfRoot),
    async () => {
      // A user who runs nothing else.
      const binary = copyBinary(scratch);
      const asUser = (tasks: number, before: string) =>
        runBinary(SAMPLE, {
          command: [
            ...["setpriv", "--reuid=64973", "--regid=65534", "--clear-groups"],
            ...["prlimit", `--nproc=${tasks}`, "sh", "-c"],
            ...[`${before} exec "$0" "$@"`, binary],
          ],
          cwd: scratch,
        });
      for (const tasks of [1, 2, 8])
        await expectRefusal(
          asUser(tasks, ""),
          "the 8 threads that iotop needs",
        );
      expect((await asUser(9, "")).status).toBe(0);
      expect((await asUser(100, "trap '' CHLD;")).status).toBe(0);
    },
  );

  test("memory, where what is reserved counts", async () => {
    // Half of what is allowed is taken before iotop starts: what is left is as little as under strict overcommit.
    const library = join(scratch, "taker.so");
    const { exitCode } = Bun.spawnSync(
      ["gcc", "-shared", "-fPIC", "-o", library, "-x", "c", "-"],
      {
        stdin: Buffer.from(
          `#include <sys/mman.h>
          __attribute__((constructor)) static void take(void) {
            mmap(0, 430UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
          }`,
        ),
      },
    );
    expect(exitCode).toBe(0);
    await expectRefusal(
      runAfter(`ulimit -v 800000; export LD_PRELOAD=${library}`, SAMPLE),
      "384 MiB of memory, which iotop needs, cannot be allocated",
    );
  });
});

test("a stack that only the soft limit keeps small grows", async () => {
  const { status, stdout } = await runAfter("ulimit -Ss 64", SAMPLE);
  expect(status).toBe(0);
  expect(stdout).toContain("Total DISK READ");
});

test.skipIf(lackOfRoot !== null)(needing("no /proc", lackOfRoot), async () => {
  const empty = join(scratch, "empty");
  mkdirSync(empty);
  for (const args of [["--version"], ["--help"], SAMPLE, ["--replay", "-"]])
    await expectRefusal(
      runBinary(args, {
        command: [
          ...["unshare", "-m", "sh", "-c"],
          ...[`mount --bind "${empty}" /proc; exec "$0" "$@"`, BINARY],
        ],
      }),
      "there is no /proc, which iotop needs",
    );
});

describe.skipIf(NO_EMULATOR !== null)(
  needing("the processor", NO_EMULATOR),
  () => {
    const emulate = (model: string) =>
      runBinary(["--version"], {
        command: ["qemu-x86_64-static", "-cpu", model, BINARY],
      });

    test.each([
      "qemu64",
      "kvm64",
      "core2duo",
      "Nehalem,-sse4.2",
      "Nehalem,-popcnt",
      "Nehalem,-ssse3",
    ])("is refused as %s", async (model) => {
      const { status, stderr } = await emulate(model);
      const own = stderr
        .split("\n")
        .filter((line) => !/^qemu.*warning/.test(line));
      expect(own).toEqual([
        expect.stringMatching(/^iotop: this processor lacks SSE4.2/),
        "",
      ]);
      expect(status).toBe(1);
    });

    test("runs as Nehalem, the oldest that has all", async () => {
      const { status, stdout } = await emulate("Nehalem");
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: expect.stringMatching(VERSION_OUTPUT),
      });
    });
  },
);

describe("a directory that was deleted", () => {
  const GONE = 'mkdir gone; cd gone; rmdir "$PWD"';

  test("keeps nothing from iotop that needs no path", async () => {
    const version = await runAfter(GONE, ["--version"]);
    expect(version).toEqual({
      status: 0,
      signal: null,
      stdout: expect.stringMatching(VERSION_OUTPUT),
      stderr: "",
    });
    const { status, stdout } = await runAfter(GONE, SAMPLE);
    expect(status).toBe(0);
    expect(stdout.match(/^Total DISK READ/gm)).toHaveLength(2);
  });

  test("takes a path that does not begin there", async () => {
    const file = join(scratch, "elsewhere.jsonl");
    const { status } = await runAfter(GONE, [
      ...["--output", `jsonl=${file}`, "-n", "1", "-d", "0.1"],
    ]);
    expect(status).toBe(0);
    expect(readFileSync(file, "utf8")).toStartWith('{"schema":');
  });

  test.each([
    [["--output", "jsonl=out.jsonl", "-n", "1"], "out.jsonl", 1],
    [["--output", "./mine.ts", "-n", "1"], "./mine.ts", 2],
    [["--output", "jsonl=a", "--output", "batch=b", "-n", "1"], "b: ", 1],
    [["--replay", "in.jsonl", "-b"], "in.jsonl", 1],
  ])("has nothing at %j, in one line", async (args, path, expected) => {
    const { status, stderr } = await runAfter(GONE, args);
    expect(status).toBe(expected);
    const line = stderr.split("\n").find((text) => text.includes(path));
    expect(line).toMatch(/^iotop: .*no such file/);
    expect(stderr).not.toMatch(/unexpected|Bun|at </);
  });
});

test("in an ordinary directory paths begin there", async () => {
  const { status } = await runAfter("true", [
    ...["--output", "jsonl=here.jsonl", "-n", "1", "-d", "0.1"],
  ]);
  expect(status).toBe(0);
  expect(readFileSync(join(scratch, "here.jsonl"), "utf8")).toContain("seq");
});

test("a recording of 300,000 objects, no two alike, does not exhaust what is reserved", async () => {
  const objects = Array.from({ length: 300_000 }, (_, n) => `{"key${n}":1}`);
  const { status, stderr } = await runBinary(["--replay", "-", "-b"], {
    stdin: `[${objects.join(",")}]\n`,
  });
  expect(stderr).toMatch(/^iotop: [^\n]*\n$/);
  expect(status).toBe(1);
});
