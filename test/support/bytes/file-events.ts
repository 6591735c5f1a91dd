/** What programs in the kernel count, made up. */
import { KIND } from "../../../src/tracing/records.ts";
import type { FileEvent } from "../../../src/tracing/tracer.ts";

/** 254:1 */
export const DISK = (254 << 20) | 1;

export function fileEvent(
  kind: keyof typeof KIND,
  bytes: number,
  about: Partial<Omit<FileEvent, "kind" | "bytes">> & {
    readonly inode?: number;
  } = {},
): FileEvent {
  const { inode = 77, ...rest } = about;
  return {
    pid: 42,
    processStartNs: 7e9,
    kind: KIND[kind],
    device: kind === "dirtied" ? 0 : DISK,
    file: {
      inode,
      generation: inode === 0 ? 0 : 1,
      fileSystem: DISK,
    },
    name: null,
    bytes,
    ...rest,
  };
}

export const NO_FILE = { inode: 0, generation: 0, fileSystem: 0 } as const;
