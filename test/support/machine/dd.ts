/** dd after dd, and what the kernel itself says that they wrote. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { programAs } from "../named-program.ts";

export const DD_BYTES = 256 * 1024;

/** More than that is not explained by changed directories and inodes: bytes for each dd, and once for the file. */
const METADATA_BYTES = 16 << 10;
const NEW_FILE_BYTES = 64 << 10;

let lists = 0;

export interface DdRun {
  /** The kernel's name of each dd. Of this run alone, whatever else runs on the machine. */
  readonly comm: string;
  /**
   * Bytes written by all of them: the shell that started them has their sum from the kernel, as every process has that
   * of its reaped children, beside its own. A little more than was asked for, in whole pages, when one changed a directory
   * or an inode.
   */
  readonly written: number;
}

/**
 * Runs so many dd one after the other, each of which writes DD_BYTES past the cache into a file of the folder.
 *
 * @param comm what they are to be called, at most 15 bytes; by default a name that nothing else has
 * @param cpu on which they run and end; by default on any
 */
export async function runDds(
  count: number,
  folder: string,
  comm = `dd-${process.pid}-${++lists}`,
  cpu: number | null = null,
): Promise<DdRun> {
  const before = join(folder, comm);
  const program = existsSync(before)
    ? before
    : programAs(comm, folder, Bun.which("dd")!);
  const shell = Bun.spawn(
    [
      ...(cpu === null ? [] : ["taskset", "-c", String(cpu)]),
      ...["sh", "-c"],
      `i=0
      while [ $i -lt ${count} ]; do
        "$0" if=/dev/zero of="$1" bs=${DD_BYTES} count=1 oflag=direct conv=notrunc 2>/dev/null || exit 1
        i=$((i + 1))
      done
      cat /proc/$$/io /proc/$$/task/$$/io`,
      ...[program, join(folder, `${comm}.data`)],
    ],
    { stdin: "ignore", stdout: "pipe" },
  );
  const text = await shell.stdout.text();
  const [all, own] = [...text.matchAll(/^write_bytes: (\d+)$/gm)].map(
    ([, bytes]) => Number(bytes),
  );
  const written = (all ?? NaN) - (own ?? NaN);
  const least = count * DD_BYTES;
  if ((await shell.exited) !== 0 || !(written >= least))
    throw new Error(`dd did not write to ${folder}: ${text}`);
  if (written > least + count * METADATA_BYTES + NEW_FILE_BYTES)
    throw new Error(`${count} dd wrote ${written} bytes`);
  return { comm, written };
}
