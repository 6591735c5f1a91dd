import { expect, test } from "bun:test";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLockHolder, tryLock } from "../../src/kernel/folder-lock.ts";

test("a folder is locked once, until its descriptor is closed", () => {
  const folder = mkdtempSync(join(tmpdir(), "iotop-lock-"));
  const [first, second] = [openSync(folder, "r"), openSync(folder, "r")];
  expect(tryLock(first)).toBe(true);
  expect(tryLock(second)).toBe(false);
  const { ino } = statSync(folder, { bigint: true });
  const locks = readFileSync("/proc/locks", "utf8");
  expect(parseLockHolder(locks, ino)).toBe(process.pid);
  closeSync(first);
  expect(tryLock(second)).toBe(true);
  closeSync(second);
  rmdirSync(folder);
});

test("what is not open cannot be locked", () => {
  expect(() => tryLock(-1)).toThrow("flock: Bad file descriptor (EBADF)");
});

test("the holder is that of the file, and of the right kind of lock", () => {
  const text = [
    "1: POSIX  ADVISORY  WRITE 11 fd:01:1048 0 EOF",
    "2: FLOCK  ADVISORY  WRITE 12 fd:01:10481 0 EOF",
    "2: -> FLOCK  ADVISORY  WRITE 13 fd:01:1048 0 EOF",
    "3: FLOCK  ADVISORY  WRITE 14 00:2a:1048 0 EOF",
  ].join("\n");
  expect(parseLockHolder(text, 1048n)).toBe(14);
  expect(parseLockHolder(text, 7n)).toBeNull();
});
