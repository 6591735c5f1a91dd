/**
 * Boots kernels of Debian and checks that iotop counts on them what they count, to the byte:
 *
 *   npm run kernels -- [PACKAGE...]
 *
 * It needs qemu-system-x86_64, gcc, xz, mkfs.ext4, and apt-get with a network; without arguments it takes the newest cloud kernels
 * of each version that apt-get knows. No part of `npm test`: it depends on what a mirror has.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { boot, makeDisk, makeInitramfs, unpackPackage } from "./machine.ts";
import { judgeConsole } from "./verdict.ts";

const ROOT = resolve(import.meta.dir, "../..");

/** "linux-image-6.12.117+deb12-cloud-amd64" of "6.12": the newest of each version. */
async function newestKernels(): Promise<readonly string[]> {
  const child = Bun.spawn([
    ...["apt-cache", "search", "--names-only"],
    "^linux-image-[0-9].*-cloud-amd64$",
  ]);
  const names = (await child.stdout.text())
    .split("\n")
    .flatMap((line) => /^\S+/.exec(line)?.[0] ?? []);
  const newest = new Map<string, string>();
  for (const name of names.toSorted(
    Intl.Collator("en", { numeric: true }).compare,
  )) {
    const [, version] = /^linux-image-(\d+\.\d+)\.\d/.exec(name) ?? [];
    if (version !== undefined) newest.set(version, name);
  }
  return [...newest.values()];
}

function compileWorkload(scratch: string): string {
  const program = join(scratch, "workload");
  const source = join(ROOT, "test/support/workload.c");
  const { exitCode, stderr } = Bun.spawnSync(
    ["gcc", "-O2", "-static", "-pthread", "-o", program, source],
    { stderr: "pipe" },
  );
  if (exitCode !== 0) throw new Error(stderr.toString());
  return program;
}

const scratch = mkdtempSync(join(tmpdir(), "iotop-kernels-"));
try {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : await newestKernels();
  const busybox = await unpackPackage("busybox-static", scratch);
  const workload = compileWorkload(scratch);
  for (const name of names) {
    const folder = join(scratch, "machine");
    rmSync(folder, { recursive: true, force: true });
    const kernel = await unpackPackage(name, scratch);
    const initramfs = await makeInitramfs({
      scratch: folder,
      kernel,
      busybox,
      iotop: join(ROOT, "dist/iotop"),
      workload,
    });
    const console_ = await boot(kernel, initramfs, await makeDisk(folder));
    const { kernel: version, results, notes, isGood } = judgeConsole(console_);
    const words = results.map(([program, result]) => `${program} ${result}`);
    console.log(`${isGood ? "ok" : "FAILED"}  ${version}: ${words.join(", ")}`);
    if (isGood) continue;
    process.exitCode = 1;
    console.log(notes.join("\n"));
    if (results.length === 0) console.log(console_.slice(-2000));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
