// waits: it starts programs
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { ProgramFolder } from "../support/program-folder.ts";

setDefaultTimeout(120_000);

const folder = new ProgramFolder();
afterAll(() => folder[Symbol.dispose]());

test.each([
  [
    "--output nope",
    /^iotop: --output nope: no such output; use screen, batch, .*\n$/,
  ],
  [
    "-b --output jsonl",
    /^iotop: batch and jsonl cannot both write to stdout; .*\n$/,
  ],
  [
    "--output batch=a --output jsonl=./a",
    /^iotop: batch and jsonl cannot both write to .*\/a; .*\n$/,
  ],
  [
    "--output screen",
    /^iotop: screen needs a terminal, and stdout is not one; -b prints lines of text\n$/,
  ],
  [
    "--output jsonl,nope",
    /^iotop: jsonl has no option "nope"; it has "all", "shape", "cmdline", [^\n]*"compress"\n$/,
  ],
  [
    "--output screen=x",
    /^iotop: screen takes no target; write options after a comma\n$/,
  ],
  [
    "--nope$'\\e[31m'",
    /^iotop: unknown option --nope\\e\[31m; see iotop --help\n$/,
  ],
])("%s is a usage error", async (args, message) => {
  const { stdout, stderr, status } = await folder.shell(`$IOTOP ${args}`);
  expect(stderr).toMatch(message);
  expect([stdout, status]).toEqual(["", 2]);
});
