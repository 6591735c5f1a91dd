import { expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, openSync, readSync, readdirSync } from "node:fs";
import { readSmallFile } from "../../src/kernel/files.ts";
import {
  mapCodePageByPage,
  parseCodeMappings,
  readResidentBytes,
  releaseCode,
} from "../../src/kernel/memory.ts";
import { mapPageByPage } from "../../src/kernel/page-by-page.ts";
import { needing } from "../support/needs.ts";

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

/** Makes code resident, by reading a byte in every so many as a debugger would. @returns its size */
function touchCode(everyBytes: number): number {
  const mappings = parseCodeMappings(readSmallFile("/proc/self/maps")!);
  const memory = openSync("/proc/self/mem", "r");
  const byte = new Uint8Array(1);
  for (const { start, end } of mappings)
    for (let at = start; at < end; at += everyBytes)
      readSync(memory, byte, 0, 1, at);
  closeSync(memory);
  return mappings.reduce((sum, { start, end }) => sum + end - start, 0);
}

test("less of the executable is resident afterwards, and everything goes on", () => {
  const codeBytes = touchCode(4096);
  const before = readResidentBytes("file");
  expect(before).toBeGreaterThan(codeBytes / 2);
  releaseCode();
  // What runs meanwhile is needed again: a small part.
  expect(readResidentBytes("file")).toBeLessThan(before - codeBytes / 2);
  expect(JSON.parse(JSON.stringify({ on: [1, 2.5, "x"] }))).toEqual({
    on: [1, 2.5, "x"],
  });
});

test("memory of no file is that which grows with what is kept", () => {
  const { rss } = process.memoryUsage();
  const before = readResidentBytes("anonymous");
  expect(before).toBeGreaterThan(2 ** 20);
  expect(before).toBeLessThan(rss);
  const kept = new Uint8Array(64 * 2 ** 20).fill(1);
  expect(readResidentBytes("anonymous")).toBeGreaterThan(before + 32 * 2 ** 20);
  expect(kept.at(-1)).toBe(1);
});

test("what cannot be watched for writes is left as it is, and nothing stays open", () => {
  const open = (): number => readdirSync("/proc/self/fd").length;
  const before = open();
  expect(mapPageByPage([{ start: 4096, end: 8192 }])).toBe(false);
  expect(mapPageByPage([{ start: 1, end: 2 }])).toBe(false);
  expect(open()).toBe(before);
});

const isPageByPage = mapCodePageByPage();

test.skipIf(!isPageByPage)(
  needing(
    "of code, what is needed becomes resident and not what is beside it",
    isPageByPage ? null : "userfaultfd of Linux 6.7",
  ),
  () => {
    releaseCode();
    const before = readResidentBytes("file");
    // As far apart as the kernel maps pages that were not asked for.
    const codeBytes = touchCode(65_536);
    expect(readResidentBytes("file") - before).toBeLessThan(codeBytes / 4);
  },
);
