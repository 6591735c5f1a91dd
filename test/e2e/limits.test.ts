/** What a machine may keep from iotop: each way to start ends in figures, or in one sentence that names the cause. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json";
import {
  BINARY,
  ensureBinary,
  runBinary,
  startBinary,
} from "../support/binary.ts";

setDefaultTimeout(60_000);
beforeAll(ensureBinary);

const scratch = mkdtempSync(join(tmpdir(), "iotop-limits-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const SAMPLE = ["-b", "-P", "-n", "2", "-d", "0.1"];

/** Runs iotop after a line of shell, in the same process. */
const runAfter = (line: string, args: readonly string[]) =>
  runBinary(args, {
    command: ["sh", "-c", `${line}; exec "$0" "$@"`, BINARY],
    cwd: scratch,
  });

describe("address space", () => {
  test.each([
    "ulimit -v 524288",
    "ulimit -d 524288",
    "ulimit -v 600000 -d 400000",
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
    expect(peakKib).toBeLessThan(512 * 1024);
  });
});

describe("a directory that was deleted", () => {
  const GONE = 'mkdir gone; cd gone; rmdir "$PWD"';

  test("keeps nothing from iotop that needs no path", async () => {
    const version = await runAfter(GONE, ["--version"]);
    expect(version).toEqual({
      status: 0,
      signal: null,
      stdout: `iotop ${packageJson.version}\n`,
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
