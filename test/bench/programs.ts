/**
 * What is compared: every program refreshes once a second and writes to /dev/null. Not `iotop-c -b -o`, which keeps its
 * few lines in a buffer, so that the end of a refresh cannot be seen from outside.
 */
import { join } from "node:path";
import { BINARY } from "../support/binary.ts";

export interface Program {
  readonly name: string;
  readonly about: string;
  /** Null: not installed here. */
  readonly command: readonly string[] | null;
  /** What it prints its version for; null for ours. */
  readonly versionFlag: string | null;
  /** Refreshes before those that count: what the runtime compiles while it runs is a cost of the first seconds only. */
  readonly warmUps: number;
}

const COMPILED_WHILE_RUNNING = 5;
const COMPILED_BEFORE = 1;

const PATH = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;

/** "1.23", as the program itself says; null if it is ours, not installed, or says none. */
export function readVersion({ command, versionFlag }: Program): string | null {
  if (command === null || versionFlag === null) return null;
  const { stdout, stderr } = Bun.spawnSync([command[0]!, versionFlag]);
  return /\d+(?:\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? null;
}

export function programs(): readonly Program[] {
  const installed = (name: string, ...args: string[]) => {
    const path = Bun.which(name, { PATH });
    return path === null ? null : [path, ...args];
  };
  return [
    {
      name: "ours",
      about: "iotop -b",
      command: [BINARY, "-b", "-d", "1"],
      versionFlag: null,
      warmUps: COMPILED_WHILE_RUNNING,
    },
    {
      name: "ours-only",
      about: "iotop -b -o",
      command: [BINARY, "-b", "-o", "-d", "1"],
      versionFlag: null,
      warmUps: COMPILED_WHILE_RUNNING,
    },
    {
      name: "ours-jsonl",
      about: "iotop --output jsonl",
      command: [BINARY, "--output", "jsonl", "-d", "1"],
      versionFlag: null,
      warmUps: COMPILED_WHILE_RUNNING,
    },
    {
      name: "iotop-c",
      about: "iotop-c -b",
      command: installed("iotop-c", "-b", "-d", "1"),
      versionFlag: "--version",
      warmUps: COMPILED_BEFORE,
    },
    {
      name: "iotop",
      about: "iotop -b (Python)",
      // The name in Debian: "iotop" may be iotop-c.
      command: installed("iotop-py", "-b", "-d", "1"),
      versionFlag: "--version",
      warmUps: COMPILED_BEFORE,
    },
    {
      name: "pidstat",
      about: "pidstat -dt",
      command: installed("pidstat", "-dt", "1"),
      versionFlag: "-V",
      warmUps: COMPILED_BEFORE,
    },
    {
      name: "floor",
      about: "list and ask every task, nothing else",
      command: [process.execPath, join(import.meta.dir, "floor.ts")],
      versionFlag: null,
      warmUps: COMPILED_WHILE_RUNNING,
    },
  ];
}
