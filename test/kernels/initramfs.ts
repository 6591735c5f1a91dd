/** The first file system of a machine: iotop with its libraries, busybox, programs of known behaviour, and modules. */
import { copyFileSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runCommand } from "./run-command.ts";

/** What iotop is linked with, and its loader: places below the root, by the name of the file. */
const LIBRARIES = {
  "ld-linux-x86-64.so.2": "lib64",
  "ld-linux-aarch64.so.1": "lib",
  "libc.so.6": "lib",
  "libdl.so.2": "lib",
  "libm.so.6": "lib",
  "libpthread.so.0": "lib",
} as const;

export interface Parts {
  readonly iotop: string;
  /** Folders with the unpacked packages libc6 and busybox-static. */
  readonly libc: string;
  readonly busybox: string;
  /** Names in the root, and the programs. */
  readonly programs: Readonly<Record<string, string>>;
  /** In the order in which they are loaded. */
  readonly modules: readonly string[];
}

export async function makeInitramfs(
  parts: Parts,
  scratch: string,
): Promise<string> {
  const root = join(scratch, "root");
  const place = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
  };
  for (const folder of ["proc", "sys", "dev", "etc", "tmp", "disk", "ways"])
    mkdirSync(join(root, folder), { recursive: true });
  place(parts.iotop, "bin/iotop");
  place(findOne(parts.busybox, "**/busybox"), "bin/busybox");
  for (const [name, folder] of Object.entries(LIBRARIES))
    for (const path of new Bun.Glob(`**/${name}`).scanSync(parts.libc))
      if (lstatSync(join(parts.libc, path)).isFile())
        place(join(parts.libc, path), join(folder, name));
  for (const [name, path] of Object.entries(parts.programs)) place(path, name);
  for (const [at, path] of parts.modules.entries())
    place(path, `modules/${String(at).padStart(2, "0")}-${basename(path)}`);
  place(join(import.meta.dir, "init.sh"), "init");
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\n");
  await runCommand(["chmod", "-R", "755", "."], root);
  const image = join(scratch, "initramfs");
  const names = await runCommand(["find", ".", "-mindepth", "1"], root);
  const pack = [
    "cpio",
    "--quiet",
    "-o",
    "-H",
    "newc",
    "-R",
    "0:0",
    "-F",
    image,
  ];
  await runCommand(pack, root, names);
  return image;
}

export function findOne(folder: string, pattern: string): string {
  const [found] = new Bun.Glob(pattern).scanSync({ cwd: folder });
  if (found === undefined) throw new Error(`${folder} has no ${pattern}`);
  return join(folder, found);
}
