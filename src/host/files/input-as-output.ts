/**
 * A run must not write to the recording that it reads: replaying a recording that is being appended to would never end.
 */
import { fstatSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../errors.ts";

/**
 * @param path of the recording; "-" is stdin
 * @param files that outputs append to; null is stdout
 * @throws UsageError when one of them is the recording, whatever path it has
 */
export function refuseInputAsOutput(
  path: string,
  files: readonly (string | null)[],
): void {
  const input = statOf(path === "-" ? null : path, 0);
  if (input === null || !input.isFile()) return;
  const folder = statOf(path === "-" ? null : dirname(path), 0);
  for (const file of files) {
    const output = statOf(file, 1);
    if (output === null) continue;
    if (folder !== null && output.isDirectory() && isSame(output, folder))
      throw new UsageError(
        `--replay ${path}: ${file} is its folder, which would grow without end; write to another one`,
      );
    if (!isSame(output, input)) continue;
    throw new UsageError(
      `--replay ${path}: ${file ?? "stdout"} is the same file, which would grow without end; write to another one`,
    );
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** Null if there is no such file. */
function statOf(path: string | null, descriptor: number): Stats | null {
  try {
    return path === null ? fstatSync(descriptor) : statSync(path);
  } catch {
    return null;
  }
}
