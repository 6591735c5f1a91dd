/** What is put where: a tree of files, written with fixed modes and times, so that the same source makes the same archive. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

export interface PackagedFile {
  /** Relative to the top of the tree. */
  readonly path: string;
  readonly mode: number;
  readonly content: string | Uint8Array | { readonly copyOf: string };
}

export const text = (path: string, content: string): PackagedFile => ({
  path,
  mode: 0o644,
  content,
});

/** Compressed without a name and a time in it, as `gzip -9n` does. */
export const gzipped = (path: string, content: string): PackagedFile => ({
  path,
  mode: 0o644,
  content: Bun.gzipSync(new TextEncoder().encode(content), { level: 9 }),
});

/** @param timeS of each file and folder, Unix s */
export function writeTree(
  root: string,
  files: readonly PackagedFile[],
  timeS: number,
): void {
  for (const { path, mode, content } of files) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    if (typeof content === "object" && "copyOf" in content)
      copyFileSync(content.copyOf, target);
    else writeFileSync(target, content);
    chmodSync(target, mode);
  }
  setTimes(root, timeS);
}

function setTimes(folder: string, timeS: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setTimes(path, timeS);
    else utimesSync(path, timeS, timeS);
  }
  chmodSync(folder, 0o755);
  utimesSync(folder, timeS, timeS);
}
