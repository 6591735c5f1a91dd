/** Packages of Debian from its suites of some years, apart from what this machine has installed or listed. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Architecture } from "./machines.ts";
import { runCommand } from "./run-command.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Those that have kernels of their own, oldest first. */
const RELEASES = ["bullseye", "bookworm", "trixie"] as const;
const BACKPORTS = "trixie-backports";

export interface Packages {
  readonly folder: string;
  /** For each call of apt, so that it reads and writes below the folder alone. */
  readonly options: readonly string[];
  /** Of this machine. */
  readonly suite: string;
}

/** The mirrors that this machine is set up with are asked for all suites. */
export async function openPackages(folder: string): Promise<Packages> {
  for (const each of ["lists/partial", "cache/archives/partial"])
    mkdirSync(join(folder, each), { recursive: true });
  const [, suite = ""] =
    /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8")) ??
    [];
  const mirrors = new Map<string, string>();
  const targets = await runCommand(
    ["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)"],
    folder,
  );
  for (const line of targets.split("\n")) {
    const [release = "", uri = ""] = line.split(" ");
    mirrors.set(release, uri);
  }
  const suites = [
    ...[...RELEASES, BACKPORTS].map((each) => [each, suite]),
    ...RELEASES.map((each) => [`${each}-security`, `${suite}-security`]),
  ];
  const lines = suites.flatMap(([each, like]) =>
    mirrors.has(like!)
      ? [`deb [signed-by=${KEYRING}] ${mirrors.get(like!)} ${each} main\n`]
      : [],
  );
  if (lines.length === 0)
    throw new Error(`apt has no mirror of Debian "${suite}": apt-get update?`);
  const list = join(folder, "sources.list");
  writeFileSync(list, lines.join(""));
  const options = [
    ...[`Dir::Etc::SourceList=${list}`, "Dir::Etc::SourceParts=/dev/null"],
    ...[`Dir::State::Lists=${folder}/lists`, `Dir::Cache=${folder}/cache`],
    ...["APT::Architectures::=amd64", "APT::Architectures::=arm64"],
    ...["Dir::Cache::pkgcache=pkgcache.bin", "Dir::Cache::srcpkgcache="],
    ...["APT::Sandbox::User=root", "Acquire::Languages=none"],
  ].flatMap((option) => ["-o", option]);
  // A suite that the mirror no longer has is said, and the others are there all the same.
  await runCommand(["apt-get", ...options, "-qq", "update"], folder).catch(
    (error: Error) => console.log(error.message),
  );
  return { folder, options, suite };
}

/** Names of all packages that begin so. */
export async function listPackages(
  { folder, options }: Packages,
  beginning: string,
): Promise<readonly string[]> {
  const names = await runCommand(
    ["apt-cache", ...options, "pkgnames", beginning],
    folder,
  );
  return names.split("\n");
}

/** Unpacks a package, and the parts that a kernel's package of later years is divided into. @returns the folder */
export async function unpackPackage(
  { folder, options }: Packages,
  name: string,
  architecture: Architecture,
  suite?: string,
): Promise<string> {
  const result = join(folder, "unpacked", architecture, name);
  mkdirSync(result, { recursive: true });
  if (readdirSync(result).length > 0) return result;
  const full = `${name}:${architecture}`;
  const needed = await runCommand(
    ["apt-cache", ...options, "depends", full],
    folder,
  );
  const parts = [...needed.matchAll(/: (linux-(?:binary|modules)-\S+)/g)];
  const wanted = [
    full,
    ...parts.map(([, part]) => `${part!.replace(/:.*/, "")}:${architecture}`),
  ].map((each) => (suite === undefined ? each : `${each}/${suite}`));
  await runCommand(
    ["apt-get", ...options, "-qq", "download", ...wanted],
    result,
  );
  for (const deb of readdirSync(result))
    await runCommand(["dpkg-deb", "-x", deb, "."], result);
  return result;
}
