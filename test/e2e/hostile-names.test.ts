/** Names and arguments that are meant for a terminal, a parser or a log, and reach none of them as such. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY, ensureBinary, openTerminal } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines, tasksOf } from "../support/json-run.ts";
import { diskFolder, startWorkload } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

interface HostileName {
  readonly what: string;
  /** At most 15 bytes. */
  readonly bytes: readonly number[];
}

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

const NAMES: readonly HostileName[] = [
  { what: "a colour", bytes: ascii("\x1b[31mred") },
  { what: "a window title", bytes: ascii("\x1b]0;title\x07") },
  { what: "a cleared screen", bytes: ascii("\x1b[2J\x1b[Hgone") },
  { what: "lines", bytes: ascii("one\ntwo\r\nthree") },
  { what: "a tab and a backspace", bytes: ascii("a\tb\b\b\x7f") },
  { what: "quotes and a backslash", bytes: ascii(`"a\\"b'c,{}`) },
  { what: "brackets as in /proc", bytes: ascii("x) R 1 (y") },
  { what: "no UTF-8", bytes: [0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80] },
  { what: "C1 controls as bytes", bytes: [0x9b, 0x33, 0x31, 0x6d, 0x63, 0x31] },
  { what: "C1 controls as UTF-8", bytes: [0xc2, 0x9b, 0x33, 0x31, 0x6d, 0x38] },
  { what: "text turned round", bytes: ascii("\u202eabc\u2066") },
  { what: "a line of Unicode", bytes: ascii("a\u2028b\u2029c") },
  {
    what: "an emoji cut in half",
    bytes: [...ascii("halfway-----"), 0xf0, 0x9f, 0x92],
  },
];

const hexOf = ({ bytes }: HostileName): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Control characters but the line feed, C1 controls, and what changes the direction of text or ends lines. */
const RAW =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

async function outputOf(args: readonly string[], pids: readonly number[]) {
  const child = Bun.spawn(
    [
      BINARY,
      ...["-d", "0.2", "-n", "2", ...args],
      ...pids.flatMap((pid) => ["-p", String(pid)]),
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  const bytes = await child.stdout.bytes();
  expect(await child.exited).toBe(0);
  // Throws on anything that is no UTF-8.
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** One process for each name, with hostile arguments too. */
async function withHostiles(
  use: (pids: readonly number[]) => Promise<void>,
): Promise<void> {
  using disk = diskFolder();
  await using stack = new AsyncDisposableStack();
  const works = NAMES.map((name, i) =>
    stack.use(startWorkload("write", hexOf(name), 4, join(disk.path, `${i}`))),
  );
  await Promise.all(works.map((work) => work.ready));
  await use(works.map((work) => work.pid));
}

describe("no name reaches its goal", () => {
  test("in the text", async () => {
    await withHostiles(async (pids) => {
      for (const args of [["-b"], ["-b", "-P"], ["-b", "-a", "-t", "-k"]]) {
        const text = await outputOf(args, pids);
        expect(RAW.exec(text)).toBeNull();
        for (const pid of pids)
          expect(
            text.split("\n").filter((line) => line.includes(` ${pid} `)),
          ).toHaveLength(2);
      }
    });
  });

  test("in JSON lines, where it is kept", async () => {
    await withHostiles(async (pids) => {
      const text = await outputOf(["--output", "jsonl,all"], pids);
      expect(RAW.exec(text)).toBeNull();
      const records = parseLines(text);
      expect(records).toHaveLength(2);
      const decoder = new TextDecoder();
      // Decoders differ in how many they put for one broken character.
      const once = (text: string) => text.replace(/\ufffd+/g, "\ufffd");
      NAMES.forEach((name, i) => {
        const rows = tasksOf(records, ({ pid }) => pid === pids[i]);
        const comm = once(decoder.decode(new Uint8Array(name.bytes)));
        expect(rows.map((row) => once(row.comm))).toEqual([comm, comm]);
      });
    });
  });

  test("on the screen", async () => {
    await withHostiles(async (pids) => {
      await using terminal = openTerminal(
        ["-d", "0.2", "-n", "4", ...pids.flatMap((pid) => ["-p", `${pid}`])],
        { columns: 200, rows: 40 },
      );
      expect(await terminal.exited).toEqual({ status: 0, signal: null });
      // It asks the terminal for its background, once.
      const output = terminal.output.replace("\x1b]11;?\x1b\\", "");
      for (const pid of pids) expect(output).toContain(`${pid}`);
      // The screen's own sequences and backspaces are taken out; what is left must be text.
      const text = output.replace(
        /\x1b\[[?>]?[\d;:]*[A-Za-z]|\x1b[=>78]|\x1b\([B0]|[\b\r\n]/g,
        "",
      );
      expect(RAW.exec(text)).toBeNull();
      for (const goal of [
        "\x1b[31mred",
        "\x1b]",
        "\x1b[2J\x1b[Hgone",
        "b\b\b",
        "\ufffd[",
      ])
        expect(output).not.toContain(goal);
    });
  });
});

test("arguments are no better than names", async () => {
  const evil = "\x1b]0;title\x07\n\u009b31m\u202e\t";
  const child = Bun.spawn(
    ["bash", "-c", `exec -a "$1" sleep 60 "$2"`, "bash", evil, "0"],
    { stdin: "ignore", stdout: "ignore" },
  );
  try {
    await eventually(
      () => readFileSync(`/proc/${child.pid}/comm`, "utf8"),
      (comm) => comm === "sleep\n",
    );
    for (const args of [["-b"], ["--output", "jsonl,all"]]) {
      const text = await outputOf(args, [child.pid]);
      expect(RAW.exec(text)).toBeNull();
      expect(text).toContain("title");
    }
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});
