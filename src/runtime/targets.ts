/** The machines that iotop is built for, and the bun of each: of one version, which the lock file pins. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import packageJson from "../../package.json";
import { BuildError } from "./build-error.ts";

const ROOT = resolve(import.meta.dir, "../..");

export const BUN_VERSION: string = packageJson.devDependencies.bun;

/**
 * For each target: its bun of the pinned version, how many names of variables that bun contains, and in how many places
 * it reserves memory. npm checks the package for this machine against the lock file, but a package for another machine
 * only against what the registry says: hence the hash.
 */
export const TARGETS = {
  "linux-x64": {
    package: "@oven/bun-linux-x64",
    sha256: "f05d28a3862f4b84395c7fa32480b835dd47482e80b7e7a49a115227f0c06083",
    names: 105,
    reservations: 5,
  },
  "linux-x64-musl": {
    package: "@oven/bun-linux-x64-musl",
    sha256: "cf5d285ddbe256785a5121a3c113191a6b577504976374c7cfd5aedca609b720",
    names: 104,
    reservations: 4,
  },
  "linux-arm64": {
    package: "@oven/bun-linux-aarch64",
    sha256: "04778f1f42399a69d086853e9c7af4acf574b2f21a43d0dc673853d8b84a2923",
    names: 106,
    reservations: 5,
  },
  "linux-arm64-musl": {
    package: "@oven/bun-linux-aarch64-musl",
    sha256: "9c48986093073afec8b76a3e285303598dd2462f52748aecb65e4d94866e1ea3",
    names: 105,
    reservations: 4,
  },
} as const;

export type Target = keyof typeof TARGETS;

export const ALL_TARGETS = Object.keys(TARGETS) as readonly Target[];

/** Whether this process runs on musl: a machine may have both C libraries. */
function isMusl(): boolean {
  return readFileSync("/proc/self/maps", "utf8").includes("/ld-musl-");
}

/** This machine's. @throws BuildError */
export function nativeTarget(): Target {
  const target = `linux-${process.arch}${isMusl() ? "-musl" : ""}`;
  if (!(target in TARGETS))
    throw new BuildError(`no bun for ${process.platform} ${process.arch}`);
  return target as Target;
}

function installedBun(target: Target): string | null {
  const modules = join(ROOT, "node_modules");
  const own = join(modules, TARGETS[target].package, "bin", "bun");
  if (existsSync(own)) return own;
  // bun's install script moves the binary of this machine's package here.
  const moved = join(modules, "bun", "bin", "bun.exe");
  return target === nativeTarget() && existsSync(moved) ? moved : null;
}

/** Path of the bun binary that the lock file pins for a target. @throws BuildError if it is not installed */
export function findBun(target: Target): string {
  const path = installedBun(target);
  if (path !== null) return path;
  throw new BuildError(
    `${TARGETS[target].package} is not installed: ${installCommand()}`,
  );
}

/**
 * One command installs the runtimes of all other machines: npm removes what an earlier command of its kind installed.
 * Without npm it is one of Bun, which leaves out what is for another processor unless it is told.
 */
export function installCommand(
  hasNpm: boolean = Bun.which("npm") !== null,
): string {
  const native = nativeTarget();
  const packages = ALL_TARGETS.filter((target) => target !== native).map(
    (target) => `${TARGETS[target].package}@${BUN_VERSION}`,
  );
  const add = hasNpm ? "npm install" : `${process.execPath} add --cpu='*'`;
  return `${add} --no-save --force ${packages.join(" ")}`;
}

/** Installs what is missing. @throws BuildError if that does not work */
export async function fetchRuntimes(): Promise<void> {
  if (ALL_TARGETS.every((target) => installedBun(target) !== null)) return;
  const command = installCommand();
  console.log(command);
  const child = Bun.spawn(["sh", "-c", command], { cwd: ROOT });
  if ((await child.exited) !== 0) throw new BuildError(`${command} failed`);
}

/** @throws BuildError if the binary is not the pinned one */
export function checkHash(binary: Buffer, target: Target): void {
  const { package: name, sha256 } = TARGETS[target];
  const actual = new Bun.CryptoHasher("sha256").update(binary).digest("hex");
  if (actual !== sha256)
    throw new BuildError(
      `${name} holds another bun than ${BUN_VERSION}: its SHA-256 is ${actual}`,
    );
}
