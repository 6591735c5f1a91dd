/** The memory of iotop itself: how much it has, and giving back what is not needed. */
import { closeSync, openSync, readSync } from "node:fs";
import { findSection } from "./elf-section.ts";
import { readSmallFile } from "./files.ts";
import { libc, type Pointer } from "./libc.ts";
import { mapPageByPage, type Mapping } from "./page-by-page.ts";

/** asm-generic/mman-common.h */
const MADV_DONTNEED = 4;

const ANONYMOUS = /^RssAnon:\s+(\d+) kB$/m;
const FILE = /^RssFile:\s+(\d+) kB$/m;

/** A line of /proc/PID/maps (proc(5)): addresses in hexadecimal, permissions, offset, device, inode, path. */
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)/;

/**
 * Code from files, and what linkers put in front of it: constants. Neither is ever written to, so every page is the same
 * as in the file. After the code there may be constants that the loader has changed.
 */
export function parseCodeMappings(maps: string): readonly Mapping[] {
  const all = maps.split("\n").flatMap((line) => {
    const [, start, end, permissions, inode = "0"] = MAPPING.exec(line) ?? [];
    if (inode === "0") return [];
    return [
      {
        start: Number.parseInt(start!, 16),
        end: Number.parseInt(end!, 16),
        permissions,
        inode,
      },
    ];
  });
  return all
    .filter(({ permissions, inode }, i) => {
      const next = all[i + 1];
      return (
        permissions === "r-xp" ||
        (permissions === "r--p" &&
          next?.permissions === "r-xp" &&
          next.inode === inode)
      );
    })
    .map(({ start, end }) => ({ start, end }));
}

/** Where the executable has what was built into it: our code, as text and as the runtime's instructions. */
const BUILT_IN_SECTION = ".bun";
/** The largest page size of the supported processors. */
const PAGE_BYTES = 0x10000;

/**
 * Our own code in the executable. It lies where data are, and could be written to. The runtime does not: all its pages
 * stay as they are in the file.
 *
 * @param path of the executable
 * @returns its whole pages; null in a runtime that has none
 */
export function findBuiltInCode(path: string): Mapping | null {
  const fd = openSync(path, "r");
  try {
    const section = findSection(BUILT_IN_SECTION, (offset, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
    });
    if (section === null) return null;
    const { address, bytes } = section;
    const start = Math.ceil(address / PAGE_BYTES) * PAGE_BYTES;
    const end = Math.floor((address + bytes) / PAGE_BYTES) * PAGE_BYTES;
    return start < end ? { start, end } : null;
  } finally {
    closeSync(fd);
  }
}

/** It stays where it is: it is looked for once. */
let builtIn: Mapping | null | undefined;

function readCodeMappings(): readonly Mapping[] {
  const mapped = parseCodeMappings(readSmallFile("/proc/self/maps") ?? "");
  if (builtIn === undefined) builtIn = findBuiltInCode("/proc/self/exe");
  return builtIn === null ? mapped : [...mapped, builtIn];
}

/** For a program that goes on for long: of its code, what is needed becomes resident, and not what is beside it. */
export function mapCodePageByPage(): boolean {
  return mapPageByPage(readCodeMappings());
}

/**
 * Gives back the pages of code that were needed so far: from most of them only start-up needed something, some 8 MiB of
 * the runtime and 3 of our own. If one is needed again, it comes back from the page cache by itself.
 */
export function releaseCode(): void {
  for (const { start, end } of readCodeMappings())
    libc().call.madvise(start as Pointer, end - start, MADV_DONTNEED);
}

/**
 * What is resident: of no file (heap, stacks, compiled code), or of files. RssAnon and RssFile in /proc/PID/status,
 * proc(5); 0 before Linux 4.5, which does not say.
 */
export function readResidentBytes(kind: "anonymous" | "file"): number {
  const status = readSmallFile("/proc/self/status") ?? "";
  const line = kind === "anonymous" ? ANONYMOUS : FILE;
  return 1024 * Number(line.exec(status)?.[1] ?? 0);
}
