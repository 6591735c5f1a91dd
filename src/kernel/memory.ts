import { readSmallFile } from "./files.ts";
import { libc, type Pointer } from "./libc.ts";

/** asm-generic/mman-common.h */
const MADV_DONTNEED = 4;

/** A line of /proc/PID/maps (proc(5)): addresses in hexadecimal, permissions, offset, device, inode, path. */
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)/;

export interface Mapping {
  readonly start: number;
  readonly end: number;
}

/** Code from files: mapped as executable and not writable, so that every page is the same as in the file. */
export function parseCodeMappings(maps: string): readonly Mapping[] {
  return maps.split("\n").flatMap((line) => {
    const [, start, end, permissions, inode] = MAPPING.exec(line) ?? [];
    if (permissions !== "r-xp" || inode === "0") return [];
    return [
      { start: Number.parseInt(start!, 16), end: Number.parseInt(end!, 16) },
    ];
  });
}

/**
 * Gives back the code that only start-up needed, some 8 MiB of the runtime. If a page is needed again, it comes back
 * from the page cache by itself.
 */
export function releaseStartUpCode(): void {
  const maps = readSmallFile("/proc/self/maps") ?? "";
  for (const { start, end } of parseCodeMappings(maps))
    libc().call.madvise(start as Pointer, end - start, MADV_DONTNEED);
}
