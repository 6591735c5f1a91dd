/** What the built program says to bad input, to readers that go away, and how it keeps its deadlines. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { BUN_VERSION, nativeTarget } from "../../src/runtime/targets.ts";
import { VERSION } from "../../src/version.ts";
import {
  BINARY,
  ensureBinary,
  openTerminal,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { catches } from "../support/machine/signals.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

beforeAll(ensureBinary);

const BAD_INPUT: readonly (readonly string[])[] = [
  ["-d", "x"],
  ["-d", "0"],
  ["-d", "-1"],
  ["-d", "1e9"],
  ["-d"],
  ["-p", "abc"],
  ["-p", "0"],
  ["-p", "-1"],
  ["-u", "nosuch"],
  ["-u", ""],
  ["--nope"],
  ["-Z"],
  ["-oZ"],
  ["extra"],
  ["-b", "extra"],
  ["--", "extra"],
  ["-n", "0"],
  ["-n", "x"],
  ["-n", "1.5"],
  ["--output", "nope"],
  ["--output", ""],
  ["--output", "jsonl,nope"],
  ["--output", "jsonl,all=perhaps"],
  ["--output", "statsd,max-groups=x"],
  ["--output", "statsd=:0"],
  ["--output", "./no-such-module.ts"],
  ["--output", "jsonl", "--output", "batch"],
  ["--source", "nope"],
  ["-b", "--output", "screen"],
  ["--delay=x\ny"],
  ["\x1b[31mred"],
];

describe.concurrent(
  "bad input is one line on stderr, status 2, and nothing on stdout",
  () => {
    test.each(BAD_INPUT.map((args) => [args]))("%j", async (args) => {
      const { status, stdout, stderr } = await runBinary(args);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^iotop: [^\n]+\n$/);
      expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      expect(status).toBe(2);
    });
  },
);

test("--version says which sources, machine and runtime it is made of", async () => {
  const outcome = await runBinary(["--version"]);
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  const lines = outcome.stdout.split("\n");
  expect(lines[0]).toBe(`iotop ${VERSION}`);
  expect(lines[1]).toMatch(/^commit: (?:[0-9a-f]{12}(?:, changed)?|unknown)$/);
  expect(lines.slice(2)).toEqual([
    `target: ${nativeTarget()}`,
    `runtime: Bun ${BUN_VERSION} (${Bun.revision.slice(0, 9)})`,
    "license: GPL-2.0-or-later, without warranty; iotop --licenses prints all",
    "",
  ]);
  for (const spelling of ["-V", "-v", "version"])
    expect(await runBinary([spelling])).toEqual(outcome);
});

test("--list-outputs fits the terminal, or 100 columns on a pipe", async () => {
  const width = (text: string) =>
    Math.max(...text.split(/\r?\n/).map((line) => line.length));
  await using terminal = openTerminal(["--list-outputs"], { columns: 72 });
  expect((await terminal.exited).status).toBe(0);
  const shown = await terminal.until((output) => output.includes("┘"));
  expect(width(shown)).toBeWithin(66, 73);
  const { stdout } = await runBinary(["--list-outputs"]);
  expect(width(stdout)).toBeWithin(90, 101);
  for (const text of [shown, stdout]) expect(text).not.toContain("…");
});

describe.concurrent("a reader that goes away", () => {
  test.each([
    ["head -n 1", ["-b", "-d", "0.2"]],
    ["head -n 1", ["-b", "-d", "0.2", "-n", "3"]],
    ["head -n 1", ["--output", "jsonl,all", "-d", "0.2"]],
    ["head -c 1", ["--help"]],
    ["true", ["-b", "-d", "0.2"]],
    ["true", ["--version"]],
  ])("| %s: %j ends quietly with status 0", async (reader, args) => {
    const { status, stdout, stderr } = await runBinary(args, {
      command: [
        ...["bash", "-c"],
        `"$0" "$@" | ${reader} >/dev/null; echo "\${PIPESTATUS[0]}"`,
        BINARY,
      ],
    });
    expect(stdout).toBe("0\n");
    expect(stderr).not.toMatch(/EPIPE|rror|panic/);
    expect(status).toBe(0);
  });
});

describe.concurrent("samples", () => {
  test("-n 5 gives five JSON lines, each over a real interval", async () => {
    const startedMs = performance.now();
    const { status, stdout } = await runBinary([
      "--output",
      "jsonl",
      "-n",
      "5",
      "-d",
      "0.3",
    ]);
    const tookMs = performance.now() - startedMs;
    const records = parseLines(stdout);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    for (const { interval_s } of records) expect(interval_s).toBeGreaterThan(0);
    expect(tookMs).toBeGreaterThan(1400);
    expect(status).toBe(0);
  });

  test("-n 5 gives five blocks of batch text", async () => {
    const { status, stdout } = await runBinary([
      "-b",
      "-n",
      "5",
      "-d",
      "0.2",
      "-o",
    ]);
    expect(stdout.match(/^Total DISK READ/gm)).toHaveLength(5);
    expect(stdout.match(/^Current DISK READ/gm)).toHaveLength(5);
    expect(status).toBe(0);
  });

  test("the interval begun is reported when asked to end", async () => {
    await using running = startBinary(["--output", "jsonl", "-d", "3600"]);
    // Nothing is printed for an hour: that it would end in order can be seen from outside alone.
    await eventually(() => catches(running.pid, "SIGTERM"), Boolean);
    running.kill("SIGTERM");
    const { status, stdout } = await running.exited;
    const records = parseLines(stdout);
    expect(records).toHaveLength(1);
    expect(records[0]!.interval_s).toBeGreaterThan(0);
    expect(records[0]!.interval_s).toBeLessThan(3600);
    expect(status).toBe(0);
  });
});
