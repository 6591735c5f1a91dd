// waits: it starts programs
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  linkSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/errors.ts";
import { refuseInputAsOutput } from "../../../src/host/files/input-as-output.ts";
import { BINARY, ensureBinary } from "../../support/binary.ts";

beforeAll(ensureBinary);

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-input-"));
  writeFileSync(at("a"), "{}\n");
  writeFileSync(at("b"), "{}\n");
  linkSync(at("a"), at("hard"));
  symlinkSync("a", at("soft"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a recording is refused as a target, under whatever name", () => {
  for (const name of ["a", "hard", "soft"])
    expect(() => refuseInputAsOutput(at("a"), [at("b"), at(name)])).toThrow(
      new UsageError(
        `--replay ${at("a")}: ${at(name)} is the same file, which would grow without end; write to another one`,
      ),
    );
});

test("other files, those that are not there yet, and devices are no concern", () => {
  refuseInputAsOutput(at("a"), [at("b"), at("new"), null]);
  refuseInputAsOutput(at("nothing"), [at("nothing")]);
  refuseInputAsOutput("/dev/null", ["/dev/null"]);
});

test.each([
  ['"$0" --replay "$1" --output jsonl >> "$1"', "stdout"],
  ['"$0" --replay - --output jsonl < "$1" >> "$1"', "stdout"],
  ['"$0" --replay - --output jsonl="$1" < "$1"', "FILE"],
])("%s: status 2 and one line", (script, name) => {
  const { exitCode, stderr } = Bun.spawnSync([
    ...["sh", "-c", script],
    ...[BINARY, at("a")],
  ]);
  expect(exitCode).toBe(2);
  expect(stderr.toString().replaceAll(at("a"), "FILE")).toMatch(
    new RegExp(`^iotop: --replay \\S+: ${name} is the same file, which .*\n$`),
  );
});
