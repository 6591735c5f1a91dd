/**
 * Boots a Debian with systemd and checks the package and its services there, as they are used:
 *
 *   npm run services
 *
 * As root, with debootstrap, qemu-system-x86_64, mkfs.ext4, cpio, dpkg-deb, and apt-get with a network. No part of `npm test`: it
 * depends on what a mirror has.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { runTool } from "../../src/packaging/command.ts";
import { contentsOf } from "../../src/packaging/contents.ts";
import { writeDeb } from "../../src/packaging/deb.ts";
import { RELEASED, VERSION } from "../../src/version.ts";
import { boot } from "../kernels/boot.ts";
import { findOne } from "../kernels/initramfs.ts";
import { choosePackage, type Machine } from "../kernels/machines.ts";
import { findModules } from "../kernels/modules.ts";
import {
  listPackages,
  openPackages,
  unpackPackage,
} from "../kernels/packages.ts";
import { judge } from "./facts.ts";

const ROOT = resolve(import.meta.dir, "../..");
const SUITE = "bookworm";
const MACHINE: Machine = {
  version: "6.12",
  architecture: "amd64",
  flavour: "cloud-amd64",
};
const PACKAGES = ["systemd", "systemd-sysv", "dbus", "socat", "jq", "bc"];

const CHECK = `[Unit]
After=multi-user.target
[Service]
ExecStart=/root/check.sh
[Install]
WantedBy=multi-user.target
`;

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
for module in /modules/*; do
  /bin/busybox insmod "$module"
done
while [ ! -b /dev/vda ]; do /bin/busybox sleep 1; done
/bin/busybox mount -t ext4 /dev/vda /new
/bin/busybox umount /dev
exec /bin/busybox switch_root /new /sbin/init
`;

/** A file system with Debian, the package, and the check that begins when systemd has come up. */
async function makeDisk(scratch: string): Promise<string> {
  const root = join(scratch, "root");
  // What it mounts in the root is gone with its namespace, however it ends, and is never removed as files.
  await runTool([
    ...["unshare", "--mount", "debootstrap", "--variant=minbase"],
    ...[`--include=${PACKAGES.join(",")}`, SUITE, root],
  ]);
  const { installed } = await contentsOf(join(ROOT, "dist/iotop"), "iotop");
  const timeS = Date.parse(`${RELEASED}T00:00:00Z`) / 1000;
  const deb = await writeDeb(
    installed,
    { version: VERSION, architecture: "amd64", timeS },
    { scratch, result: scratch },
    "none",
  );
  copyFileSync(deb, join(root, "root/iotop.deb"));
  copyFileSync(join(import.meta.dir, "check.sh"), join(root, "root/check.sh"));
  const units = join(root, "etc/systemd/system");
  writeFileSync(join(units, "check.service"), CHECK);
  const wants = join(units, "multi-user.target.wants");
  mkdirSync(wants, { recursive: true });
  symlinkSync("../check.service", join(wants, "check.service"));
  const disk = join(scratch, "disk");
  await runTool(["chmod", "755", join(root, "root/check.sh")]);
  await runTool(["truncate", "-s", "1500M", disk]);
  await runTool(["mkfs.ext4", "-q", "-F", "-d", root, disk]);
  return disk;
}

/** A first file system that mounts the disk and starts systemd on it. */
async function makeInitramfs(
  scratch: string,
  kernel: string,
  busybox: string,
): Promise<string> {
  const root = join(scratch, "first");
  for (const folder of ["bin", "dev", "modules", "new"])
    mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(findOne(busybox, "**/busybox"), join(root, "bin/busybox"));
  writeFileSync(join(root, "init"), INIT);
  for (const [at, path] of (await findModules(kernel)).entries())
    copyFileSync(
      path,
      join(root, "modules", `${String(at).padStart(2, "0")}-${basename(path)}`),
    );
  await runTool(["chmod", "-R", "755", root]);
  const image = join(scratch, "initramfs");
  const pack = `find . -mindepth 1 | cpio --quiet -o -H newc > "$1"`;
  await runTool(["sh", "-c", pack, "sh", image], { cwd: root });
  return image;
}

const scratch = mkdtempSync(join(tmpdir(), "iotop-services-"));
try {
  const packages = await openPackages(scratch);
  const name = choosePackage(
    MACHINE,
    await listPackages(packages, "linux-image-"),
  );
  if (name === null) throw new Error("apt has no kernel of that version");
  const unpack = (each: string) =>
    unpackPackage(packages, each, MACHINE.architecture);
  const kernel = await unpack(name);
  const console_ = await boot({
    architecture: MACHINE.architecture,
    kernel: findOne(kernel, "**/vmlinuz*"),
    initramfs: await makeInitramfs(
      scratch,
      kernel,
      await unpack("busybox-static"),
    ),
    disks: [await makeDisk(scratch)],
    option: "",
  });
  const facts = judge(console_);
  for (const { name, value, isGood } of facts)
    console.log(`${isGood ? "ok" : "FAILED"}  ${name}: ${value ?? "not said"}`);
  if (!facts.every(({ isGood }) => isGood)) {
    process.exitCode = 1;
    console.log(console_.slice(-4000));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
