/** A file system of a few pages, which a test can fill. For root. */
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode } from "../../../src/errors.ts";
import { lackOf, lackOfRoot, type Lack } from "../needs.ts";

export const lacksOfSmallDisk: readonly Lack[] = [
  lackOfRoot,
  lackOf("mount", "umount"),
];

export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all space but so many bytes, which are whole pages; what somebody else takes meanwhile is part of them. */
  fill(leftBytes: number): void;
  free(): void;
}

export function openSmallDisk(sizeBytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "iotop-small-"));
  const { success, stderr } = Bun.spawnSync(
    ["mount", "-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs", path],
    { env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` } },
  );
  if (!success) throw new Error(`no small disk: ${stderr}`);
  const filler = join(path, "filler");
  return {
    path,
    fill(leftBytes) {
      try {
        writeFileSync(filler, Buffer.alloc(sizeBytes - leftBytes));
      } catch (error) {
        // Then it is full already.
        if (errorCode(error) !== "ENOSPC") throw error;
      }
    },
    free: () => rmSync(filler),
    [Symbol.dispose]() {
      Bun.spawnSync(["umount", "-l", path], {
        env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
      });
      rmdirSync(path);
    },
  };
}
