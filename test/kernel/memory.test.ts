import { expect, test } from "bun:test";
import { readSmallFile } from "../../src/kernel/files.ts";
import {
  parseCodeMappings,
  releaseStartUpCode,
} from "../../src/kernel/memory.ts";

test("only code from files is found: not data, not what can be written, not the kernel's own page", () => {
  const maps = [
    "00200000-01a39000 r--p 00000000 fe:00 2171011   /usr/local/bin/iotop",
    "01a40000-0684a000 r-xp 01838000 fe:00 2171011   /usr/local/bin/iotop",
    "0684a000-0685f000 rw-p 06641000 fe:00 2171011   /usr/local/bin/iotop",
    "2f5c81000000-2f5c81010000 rwxp 00000000 00:00 0",
    "7f0c21a28000-7f0c21b7d000 r-xp 00026000 fe:00 131 /lib/libc.so.6",
    "7ffd3d9f2000-7ffd3d9f4000 r-xp 00000000 00:00 0   [vdso]",
    "",
  ].join("\n");
  expect(parseCodeMappings(maps)).toEqual([
    { start: 0x01a40000, end: 0x0684a000 },
    { start: 0x7f0c21a28000, end: 0x7f0c21b7d000 },
  ]);
  expect(parseCodeMappings("")).toEqual([]);
});

test("less of the executable is resident afterwards, and everything goes on", () => {
  const residentKiB = (): number =>
    Number(/^RssFile:\s+(\d+)/m.exec(readSmallFile("/proc/self/status")!)![1]);
  const before = residentKiB();
  releaseStartUpCode();
  expect(residentKiB()).toBeLessThan(before - 4096);
  expect(JSON.parse(JSON.stringify({ on: [1, 2.5, "x"] }))).toEqual({
    on: [1, 2.5, "x"],
  });
});
