/**
 * Boots kernels of Debian and checks that iotop counts on them what they count, to the byte:
 *
 *   npm run kernels -- [VERSION|FLAVOUR|OPTION...]
 *
 * Without arguments it boots all of machines.ts; with arguments, those that have one of them, such as "5.10" or
 * "arm64-16k". It writes what came of it into the manual. It needs apt-get with a network, QEMU for both machines
 * (qemu-system-x86, qemu-system-arm), a compiler for both (gcc, gcc-aarch64-linux-gnu), cpio, xz, and mkfs of ext4, xfs
 * and btrfs. No part of `npm test`: it depends on what a mirror has, and takes a quarter of an hour.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "../../build.ts";
import type { Target } from "../../src/runtime/targets.ts";
import { boot, makeDisks } from "./boot.ts";
import { findOne, makeInitramfs, type Parts } from "./initramfs.ts";
import {
  choosePackage,
  MACHINES,
  nameOf,
  type Architecture,
  type Machine,
} from "./machines.ts";
import { findModules } from "./modules.ts";
import {
  listPackages,
  openPackages,
  unpackPackage,
  type Packages,
} from "./packages.ts";
import { rowOf, toResult, writeResult } from "./results.ts";
import { runCommand } from "./run-command.ts";
import { judgeConsole, type Verdict } from "./verdict.ts";

const SUPPORT = resolve(import.meta.dir, "../support");

const TOOLS = {
  amd64: { target: "linux-x64", compiler: "x86_64-linux-gnu-gcc" },
  arm64: { target: "linux-arm64", compiler: "aarch64-linux-gnu-gcc" },
} as const satisfies Record<
  Architecture,
  { readonly target: Target; readonly compiler: string }
>;

type Programs = Omit<Parts, "modules">;

/** What all machines share. */
interface Workshop {
  readonly scratch: string;
  readonly packages: Packages;
  readonly made: Map<Architecture, Promise<Programs>>;
}

/** What all machines of one kind run; the C library and busybox are those of this machine's Debian. */
async function makePrograms(
  { scratch, packages }: Workshop,
  architecture: Architecture,
): Promise<Programs> {
  const { target, compiler } = TOOLS[architecture];
  const compile = async (name: string): Promise<string> => {
    const program = join(scratch, `${name}-${architecture}`);
    const source = join(SUPPORT, `${name}.c`);
    const options = ["-O2", "-static", "-pthread", "-o", program, source];
    await runCommand([compiler, ...options], scratch);
    return program;
  };
  const unpack = (name: string): Promise<string> =>
    unpackPackage(packages, name, architecture, packages.suite);
  return {
    iotop: await build({
      target,
      outfile: join(scratch, architecture, "iotop"),
    }),
    libc: await unpack("libc6"),
    busybox: await unpack("busybox-static"),
    programs: {
      workload: await compile("workload"),
      "bin/file-io": await compile("file-io"),
    },
  };
}

async function runMachine(
  workshop: Workshop,
  { architecture, option = "", refusal }: Machine,
  name: string,
): Promise<Verdict> {
  const { scratch, packages, made } = workshop;
  if (!made.has(architecture))
    made.set(architecture, makePrograms(workshop, architecture));
  const kernel = await unpackPackage(packages, name, architecture);
  const folder = join(scratch, "machine");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const modules = await findModules(kernel);
  const programs = await made.get(architecture)!;
  const output = await boot({
    architecture,
    kernel: findOne(kernel, "**/vmlinuz*"),
    initramfs: await makeInitramfs({ ...programs, modules }, folder),
    disks: await makeDisks(folder),
    option,
  });
  const verdict = judgeConsole(output, refusal ?? null);
  if (!verdict.isGood)
    console.log([...verdict.notes, output.slice(-2000)].join("\n"));
  return verdict;
}

/** @param words those of a machine: all machines, if there are none */
async function runMachines(
  workshop: Workshop,
  words: readonly string[],
): Promise<void> {
  const known = await listPackages(workshop.packages, "linux-image-");
  for (const machine of MACHINES) {
    const own = nameOf(machine).split(" ");
    if (words.length > 0 && !words.some((word) => own.includes(word))) continue;
    const name = choosePackage(machine, known);
    const verdict =
      name === null ? null : await runMachine(workshop, machine, name);
    const result = toResult(machine, verdict);
    await writeResult(result);
    console.log(Object.values(rowOf(result)).join(" | "));
    if (verdict?.isGood === false) process.exitCode = 1;
  }
}

const scratch = mkdtempSync(join(tmpdir(), "iotop-kernels-"));
try {
  const packages = await openPackages(join(scratch, "apt"));
  const words = process.argv.slice(2);
  const workshop = { scratch, packages, made: new Map() };
  await runMachines(workshop, words);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
