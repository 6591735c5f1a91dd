/** A virtual machine without acceleration, which boots a kernel of Debian into test/kernels/init.sh. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Emulated, a kernel takes some seconds to boot, and all of it less than a minute on a quiet machine. */
const LIMIT_MS = 600_000;

async function run(
  command: readonly string[],
  cwd: string,
  stdin?: string,
): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd,
    stdin: new TextEncoder().encode(stdin ?? ""),
    stderr: "pipe",
  });
  const [output, errors, status] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  if (status !== 0)
    throw new Error(`${command.join(" ")} failed (${status}): ${errors}`);
  return output;
}

/** Downloads a package of Debian and unpacks it; the folder with what is in it. */
export async function unpackPackage(
  name: string,
  scratch: string,
): Promise<string> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  await run(["apt-get", "download", name], folder);
  const deb = readdirSync(folder).find((file) => file.endsWith(".deb"))!;
  await run(["dpkg-deb", "-x", deb, "."], folder);
  return folder;
}

const find = (folder: string, pattern: string): string => {
  const [found] = [...new Bun.Glob(pattern).scanSync({ cwd: folder })];
  if (found === undefined) throw new Error(`${folder} has no ${pattern}`);
  return join(folder, found);
};

/** For a disk of memory, and one of virtio; of the latter some kernels have parts built in. */
const modulesOf = (kernel: string): readonly string[] =>
  ["block/brd", "block/virtio_blk", "virtio/virtio{,_ring,_pci*}"].flatMap(
    (name) =>
      [
        ...new Bun.Glob(`**/kernel/drivers/${name}.ko*`).scanSync({
          cwd: kernel,
        }),
      ].map((path) => join(kernel, path)),
  );

/** The libraries that a program is linked with, and their loader. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const listed = await run(["ldd", program], "/");
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
}

/** A disk with a file system, which knows the cgroup of each page. */
export async function makeDisk(scratch: string): Promise<string> {
  const path = join(scratch, "disk");
  await run(["truncate", "-s", "128M", path], "/");
  await run(["mkfs.ext4", "-q", "-F", path], "/");
  return path;
}

/** The first file system: iotop with its libraries, busybox, the workload and modules. */
export async function makeInitramfs(init: {
  readonly scratch: string;
  readonly kernel: string;
  readonly busybox: string;
  readonly iotop: string;
  readonly workload: string;
}): Promise<string> {
  const root = join(init.scratch, "root");
  for (const folder of ["bin", "proc", "sys", "dev", "etc", "tmp"])
    mkdirSync(join(root, folder), { recursive: true });
  const place = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
  };
  place(find(init.busybox, "**/busybox"), "bin/busybox");
  for (const path of await librariesOf(init.iotop)) place(path, path);
  place(init.iotop, "bin/iotop");
  place(init.workload, "workload");
  cpSync(join(import.meta.dir, "init.sh"), join(root, "init"));
  for (const module of modulesOf(init.kernel)) {
    place(module, basename(module));
    if (module.endsWith(".xz")) await run(["xz", "-d", basename(module)], root);
  }
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\n");
  await run(
    ["chmod", "755", "init", "bin/busybox", "bin/iotop", "workload"],
    root,
  );
  const names = await run(["find", ".", "-mindepth", "1"], root);
  const image = join(init.scratch, "initramfs");
  const busybox = join(root, "bin/busybox");
  const archive = Bun.spawn([busybox, "cpio", "-o", "-H", "newc"], {
    cwd: root,
    stdin: new TextEncoder().encode(names),
    stdout: Bun.file(image),
    stderr: "ignore",
  });
  if ((await archive.exited) !== 0 || !existsSync(image))
    throw new Error("the first file system cannot be packed");
  return image;
}

/** What the machine says on its console, from start to power-off. */
export async function boot(
  kernel: string,
  initramfs: string,
  disk: string,
): Promise<string> {
  const child = Bun.spawn(
    [
      ...["qemu-system-x86_64", "-accel", "tcg", "-cpu", "Nehalem"],
      ...["-smp", "2", "-m", "2048", "-nographic", "-no-reboot"],
      ...["-kernel", find(kernel, "boot/vmlinuz-*"), "-initrd", initramfs],
      ...["-drive", `file=${disk},format=raw,if=virtio`],
      ...["-append", "console=ttyS0 panic=-1 quiet psi=1"],
    ],
    { stdin: "ignore", stderr: "pipe", timeout: LIMIT_MS },
  );
  const [console_] = await Promise.all([child.stdout.text(), child.exited]);
  return console_;
}
