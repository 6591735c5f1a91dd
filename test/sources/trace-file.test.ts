// waits: it starts a program
import { afterAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../src/errors.ts";
import { openTrace } from "../../src/sources/trace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "iotop-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, ...lines: readonly string[]): void {
  using trace = openTrace(path);
  for (const line of lines) trace.write(line);
}

test("lines are appended, and the file is its owner's alone", () => {
  const path = join(folder, "why.log");
  write(path, "one", "two");
  write(path, "three");
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthree\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("many lines do not wait for the end", () => {
  const path = join(folder, "long.log");
  using trace = openTrace(path);
  for (let i = 0; i < 1000; i++) trace.write("x".repeat(100));
  expect(statSync(path).size).toBeGreaterThan(0);
});

test.each(["folder", "link", "fifo"])("a %s is refused", (kind) => {
  const path = join(folder, kind);
  if (kind === "folder") mkdirSync(path);
  if (kind === "link") {
    writeFileSync(join(folder, "target"), "");
    symlinkSync("target", path);
  }
  if (kind === "fifo") Bun.spawnSync(["mkfifo", path]);
  expect(() => openTrace(path)).toThrow(UsageError);
  expect(() => openTrace(path)).toThrow(`trace=${path}`);
});

test.each([
  ["nowhere/why.log", "no such file or directory"],
  ["alias", "it is a link"],
])("%s cannot be written, in words: %s", (name, reason) => {
  const path = join(folder, name);
  if (name === "alias") symlinkSync("target", path);
  expect(() => openTrace(path)).toThrow(
    `trace=${path} cannot be written: ${reason}`,
  );
});
