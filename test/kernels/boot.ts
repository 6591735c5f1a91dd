/** A virtual machine without acceleration, which boots a kernel into test/kernels/init.sh. */
import { join } from "node:path";
import type { Architecture } from "./machines.ts";
import { runCommand } from "./run-command.ts";

/** Emulated, all of it takes two minutes, and ten while much else runs. */
const LIMIT_MS = 900_000;

const EMULATORS = {
  amd64: {
    command: ["qemu-system-x86_64", "-cpu", "Nehalem"],
    console: "ttyS0",
  },
  arm64: {
    command: ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a76"],
    console: "ttyAMA0",
  },
} as const satisfies Record<Architecture, unknown>;

const FILE_SYSTEMS = ["ext4", "xfs", "btrfs"] as const;

/** One disk for each file system: vda, vdb, vdc. mkfs.xfs makes none that is smaller. */
export async function makeDisks(scratch: string): Promise<readonly string[]> {
  const disks: string[] = [];
  for (const type of FILE_SYSTEMS) {
    const path = join(scratch, type);
    await runCommand(["truncate", "-s", "320M", path], scratch);
    const force = type === "ext4" ? "-F" : "-f";
    await runCommand([`mkfs.${type}`, "-q", force, path], scratch);
    disks.push(path);
  }
  return disks;
}

/** @returns what the machine says on its console, from start to power-off */
export async function boot(options: {
  readonly architecture: Architecture;
  readonly kernel: string;
  readonly initramfs: string;
  readonly disks: readonly string[];
  /** Added to the command line of the kernel. */
  readonly option: string;
}): Promise<string> {
  const { architecture, kernel, initramfs, disks, option } = options;
  const { command, console: terminal } = EMULATORS[architecture];
  const child = Bun.spawn(
    [
      ...[...command, "-accel", "tcg", "-smp", "2", "-m", "2048"],
      ...["-nographic", "-no-reboot", "-net", "none"],
      ...["-kernel", kernel, "-initrd", initramfs],
      ...disks.flatMap((file, at) => [
        ...["-drive", `file=${file},format=raw,if=none,id=disk${at}`],
        ...["-device", `virtio-blk-pci,drive=disk${at}`],
      ]),
      "-append",
      `console=${terminal} panic=-1 quiet psi=1 ${option}`,
    ],
    { stdin: "ignore", stderr: "pipe", timeout: LIMIT_MS },
  );
  const [output] = await Promise.all([child.stdout.text(), child.exited]);
  return output;
}
