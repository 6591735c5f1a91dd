/** The kernel's modules that a machine needs, in the order in which they can be loaded. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runCommand } from "./run-command.ts";

/**
 * A disk of memory, disks of the virtual machine, and three file systems with the checksums that btrfs asks for by
 * another name than the module's; a kernel may have any of them built in.
 */
const WANTED = [
  ...["brd", "virtio_pci", "virtio_blk", "crc32c_generic"],
  ...["ext4", "xfs", "crc32c_cryptoapi", "btrfs"],
];

export interface Module {
  readonly path: string;
  readonly needs: readonly string[];
}

/** Names with "-" and "_" are the same to the kernel. */
const moduleName = (path: string): string =>
  basename(path)
    .replace(/\.ko(?:\..*)?$/, "")
    .replaceAll("-", "_");

/** What a module says of itself (.modinfo): which others it cannot be loaded without. Pure. */
export function parseNeeds(content: string): readonly string[] {
  const [, depends = ""] = /\0depends=([^\0]*)/.exec(content) ?? [];
  return depends
    .split(",")
    .filter((name) => name !== "")
    .map((name) => name.replaceAll("-", "_"));
}

/** Each after those that it needs; what is not there is built in. Pure. */
export function loadOrder(
  wanted: readonly string[],
  find: (name: string) => Module | null,
): readonly string[] {
  const order = new Set<string>();
  const add = (name: string, above: readonly string[]): void => {
    const module = find(name);
    if (module === null || above.includes(name)) return;
    for (const need of module.needs) add(need, [...above, name]);
    order.add(module.path);
  };
  for (const name of wanted) add(name, []);
  return [...order];
}

/** Paths of the modules, unpacked, in a kernel's package. */
export async function findModules(kernel: string): Promise<readonly string[]> {
  const paths = new Map<string, string>();
  const glob = new Bun.Glob("**/lib/modules/*/kernel/**/*.ko*");
  for (const path of glob.scanSync({ cwd: kernel }))
    paths.set(moduleName(path), join(kernel, path));
  const unpacked = new Map<string, Module>();
  // Reads those alone that are needed: a kernel has thousands.
  for (const queue = [...WANTED]; queue.length > 0;) {
    const name = queue.pop()!;
    let path = paths.get(name);
    if (path === undefined || unpacked.has(name)) continue;
    if (path.endsWith(".xz")) {
      await runCommand(["xz", "-d", path], kernel);
      path = path.slice(0, -".xz".length);
    }
    const needs = parseNeeds(readFileSync(path, "latin1"));
    unpacked.set(name, { path, needs });
    queue.push(...needs);
  }
  return loadOrder(WANTED, (name) => unpacked.get(name) ?? null);
}
