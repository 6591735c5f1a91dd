/** A loop device on a file, which a test may also make a file system on, mount and freeze. For root. */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { lackOf, lackOfRoot, type Lack } from "../needs.ts";
import { diskFolder } from "../workload.ts";

export const lacksOfLoop: readonly Lack[] = [
  lackOfRoot,
  lackOf("losetup", "mkfs.ext4", "mount", "umount", "fsfreeze"),
];

const SIZE_BYTES = 32 << 20;

function command(...words: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], {
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
  });
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
  return stdout.toString().trim();
}

export interface LoopDevice extends Disposable {
  /** "loop3". */
  readonly name: string;
  readonly path: string;
  /** The file on which it lies. */
  readonly backing: string;
}

export function openLoopDevice(): LoopDevice {
  using opened = new DisposableStack();
  const folder = opened.use(diskFolder());
  const backing = join(folder.path, "backing");
  command("fallocate", "-l", String(SIZE_BYTES), backing);
  const path = command("losetup", "--partscan", "--find", "--show", backing);
  opened.defer(() => void command("losetup", "--detach", path));
  const held = opened.move();
  return {
    ...{ name: basename(path), path, backing },
    [Symbol.dispose]: () => held[Symbol.dispose](),
  };
}

export const lackOfPartitions: Lack = lackOf("addpart", "delpart");

/** All but the first MiB of a device, as a partition: for kernels that can read no table of partitions too. */
export function openPartition(
  device: LoopDevice,
): Disposable & { readonly name: string; readonly path: string } {
  const first = 2048;
  const sectors = SIZE_BYTES / 512 - first;
  command("addpart", device.path, "1", `${first}`, `${sectors}`);
  return {
    ...{ name: `${device.name}p1`, path: `${device.path}p1` },
    [Symbol.dispose]: () => void command("delpart", device.path, "1"),
  };
}

export interface LoopMount extends Disposable {
  /** Where it is mounted. */
  readonly path: string;
  readonly device: LoopDevice;
  /** Who writes to it from now on is blocked. */
  freeze(): void;
  thaw(): void;
}

/** An ext4 on a loop device. It is thawed and unmounted in every case, also when the process is told to end. */
export function openLoopMount(): LoopMount {
  using opened = new DisposableStack();
  const folder = opened.use(diskFolder());
  const device = opened.use(openLoopDevice());
  const path = join(folder.path, "mount");
  mkdirSync(path);
  command("mkfs.ext4", "-q", device.path);
  command("mount", device.path, path);
  opened.defer(() => void command("umount", path));
  let isFrozen = false;
  const thaw = (): void => {
    if (!isFrozen) return;
    isFrozen = false;
    command("fsfreeze", "--unfreeze", path);
  };
  opened.defer(thaw);
  const held = opened.move();
  const close = (): void => held[Symbol.dispose]();
  const leave = (): never => process.exit(1);
  process.on("exit", close);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, leave);
  return {
    path,
    device,
    thaw,
    freeze() {
      isFrozen = true;
      command("fsfreeze", "--freeze", path);
    },
    [Symbol.dispose]() {
      process.off("exit", close);
      for (const signal of ["SIGINT", "SIGTERM"] as const)
        process.off(signal, leave);
      close();
    },
  };
}
