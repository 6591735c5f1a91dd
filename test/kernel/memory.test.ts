import { expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, openSync, readSync } from "node:fs";
import { readSmallFile } from "../../src/kernel/files.ts";
import {
  parseCodeMappings,
  releaseCode,
  readAnonymousBytes,
} from "../../src/kernel/memory.ts";

setDefaultTimeout(120_000);

test("code from files is found, and constants in front of it: nothing that is written to, nor the kernel's own page", () => {
  const maps = [
    "00200000-01a39000 r--p 00000000 fe:00 2171011   /usr/local/bin/iotop",
    "01a40000-0684a000 r-xp 01838000 fe:00 2171011   /usr/local/bin/iotop",
    "0684a000-0685f000 rw-p 06641000 fe:00 2171011   /usr/local/bin/iotop",
    "2f5c81000000-2f5c81010000 rwxp 00000000 00:00 0",
    "7f0c20000000-7f0c20021000 r--p 00000000 fe:00 77   /usr/share/a-map",
    "7f0c21a28000-7f0c21b7d000 r-xp 00026000 fe:00 131 /lib/libc.so.6",
    "7f0c21b7d000-7f0c21bd0000 r--p 0017b000 fe:00 131 /lib/libc.so.6",
    "7f0c21bd0000-7f0c21bd4000 r--p 001cd000 fe:00 131 /lib/libc.so.6",
    "7f0c22000000-7f0c22026000 r--p 00000000 fe:00 140 /lib/libm.so.6",
    "7f0c22026000-7f0c22099000 r-xp 00026000 fe:00 140 /lib/libm.so.6",
    "7ffd3d9f2000-7ffd3d9f4000 r-xp 00000000 00:00 0   [vdso]",
    "",
  ].join("\n");
  expect(parseCodeMappings(maps)).toEqual([
    { start: 0x00200000, end: 0x01a39000 },
    { start: 0x01a40000, end: 0x0684a000 },
    { start: 0x7f0c21a28000, end: 0x7f0c21b7d000 },
    { start: 0x7f0c22000000, end: 0x7f0c22026000 },
    { start: 0x7f0c22026000, end: 0x7f0c22099000 },
  ]);
  expect(parseCodeMappings("")).toEqual([]);
});

/** Makes all code resident, by reading it as a debugger would. @returns its size, KiB */
function touchCode(): number {
  const mappings = parseCodeMappings(readSmallFile("/proc/self/maps")!);
  const memory = openSync("/proc/self/mem", "r");
  const byte = new Uint8Array(1);
  for (const { start, end } of mappings)
    for (let at = start; at < end; at += 4096) readSync(memory, byte, 0, 1, at);
  closeSync(memory);
  return mappings.reduce((sum, { start, end }) => sum + end - start, 0) / 1024;
}

test("less of the executable is resident afterwards, and everything goes on", () => {
  const residentKiB = (): number =>
    Number(/^RssFile:\s+(\d+)/m.exec(readSmallFile("/proc/self/status")!)![1]);
  const codeKiB = touchCode();
  const before = residentKiB();
  expect(before).toBeGreaterThan(codeKiB / 2);
  releaseCode();
  // What runs meanwhile is needed again: a small part.
  expect(residentKiB()).toBeLessThan(before - codeKiB / 2);
  expect(JSON.parse(JSON.stringify({ on: [1, 2.5, "x"] }))).toEqual({
    on: [1, 2.5, "x"],
  });
});

test("memory of no file is that which grows with what is kept", () => {
  const { rss } = process.memoryUsage();
  const before = readAnonymousBytes();
  expect(before).toBeGreaterThan(2 ** 20);
  expect(before).toBeLessThan(rss);
  const kept = new Uint8Array(64 * 2 ** 20).fill(1);
  expect(readAnonymousBytes()).toBeGreaterThan(before + 32 * 2 ** 20);
  expect(kept.at(-1)).toBe(1);
});
