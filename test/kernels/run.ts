/**
 * Boots kernels of Debian and checks that iotop counts on them what they count, to the byte:
 *
 *   npm run kernels -- [VERSION|FLAVOUR|OPTION...]
 *
 * Without arguments it boots all of machines.ts; with arguments, those that have one of them, such as "5.10" or
 * "arm64-16k". It writes what came of it into the manual. It needs apt-get with a network, QEMU for both machines
 * (qemu-system-x86, qemu-system-arm), a compiler for both (gcc, gcc-aarch64-linux-gnu), cpio, xz, and mkfs of ext4, xfs
 * and btrfs. No part of `npm test`: it depends on what a mirror has, and takes twenty minutes.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "../../build.ts";
import { findBun } from "../../src/runtime/targets.ts";
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
  amd64: {
    target: "linux-x64",
    compiler: "x86_64-linux-gnu-gcc",
    emulator: "qemu-system-x86_64",
  },
  arm64: {
    target: "linux-arm64",
    compiler: "aarch64-linux-gnu-gcc",
    emulator: "qemu-system-aarch64",
  },
} as const satisfies Record<Architecture, Readonly<Record<string, string>>>;

const COMMANDS = ["cpio", "xz", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs"];

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
const choose = (words: readonly string[]): readonly Machine[] =>
  MACHINES.filter((machine) => {
    const own = nameOf(machine).split(" ");
    return words.length === 0 || words.some((word) => own.includes(word));
  });

/**
 * Before the first machine is booted, and not at the last one.
 *
 * @throws Error that says what is missing
 */
function checkTools(machines: readonly Machine[]): void {
  const tools = [...new Set(machines.map((each) => each.architecture))].map(
    (architecture) => TOOLS[architecture],
  );
  for (const { target } of tools) findBun(target);
  const lacking = [
    ...COMMANDS,
    ...tools.flatMap(({ compiler, emulator }) => [compiler, emulator]),
  ].filter((command) => Bun.which(command) === null);
  if (machines.length === 0) throw new Error("no machine has these words");
  if (lacking.length > 0) throw new Error(`missing: ${lacking.join(", ")}`);
}

async function runMachines(
  workshop: Workshop,
  machines: readonly Machine[],
): Promise<void> {
  const known = await listPackages(workshop.packages, "linux-image-");
  for (const machine of machines) {
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
  const machines = choose(process.argv.slice(2));
  checkTools(machines);
  const packages = await openPackages(join(scratch, "apt"));
  await runMachines({ scratch, packages, made: new Map() }, machines);
} catch (error) {
  console.error(`kernels: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
