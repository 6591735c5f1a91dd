import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { KeptFile } from "../../src/kernel/kept-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-kept-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([0, 1, 4095, 4096, 8192, 8193, 100_000])(
  "of %d bytes is read whole, again and again",
  (lengthBytes) => {
    const path = join(folder, `file-${lengthBytes}`);
    const bytes = Uint8Array.from({ length: lengthBytes }, (_, i) => i * 7);
    writeFileSync(path, bytes);
    using file = new KeptFile(path);
    for (let round = 0; round < 3; round++) {
      expect(file.read()).toBe(lengthBytes);
      expect(file.content.subarray(0, lengthBytes)).toEqual(bytes);
    }
  },
);

test("each reading is that of the moment, and of the beginning", () => {
  const path = join(folder, "changes");
  writeFileSync(path, "first\n");
  using file = new KeptFile(path);
  expect(file.textOf(file.read())).toBe("first\n");
  writeFileSync(path, "now\n");
  expect(file.textOf(file.read())).toBe("now\n");
  expect(file.textOf(file.readFirst(2))).toBe("no");
  expect(file.textOf(file.readFirst(100))).toBe("now\n");
});

test("one that is not there is minus errno, until it is there", () => {
  const path = join(folder, "late");
  using file = new KeptFile(path);
  expect(file.read()).toBe(-constants.errno.ENOENT);
  expect(file.textOf(file.readFirst(10))).toBeNull();
  writeFileSync(join(folder, "made"), "here");
  renameSync(join(folder, "made"), path);
  expect(file.textOf(file.read())).toBe("here");
});

test("the kernel makes a file of /proc anew for each reading", () => {
  using file = new KeptFile("/proc/self/stat");
  const fields = (): string[] => file.textOf(file.read())!.split(" ");
  const before = fields();
  let sum = 0;
  for (const endMs = performance.now() + 60; performance.now() < endMs;)
    sum += Math.sqrt(sum + 1);
  expect(fields().slice(13, 15)).not.toEqual(before.slice(13, 15));
});
