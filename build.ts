/**
 * Builds dist/iotop, or dist/TARGET/iotop with `--target TARGET`, or with `--all` those of all machines. `--runtime PATH`
 * takes another bun than the pinned one, such as one that was linked with a changed library.
 *
 * The runtime inside the executable obeys environment variables of its own. In a program that runs as root, each is a
 * security hole, and no build option turns them off. So the runtime is disarmed before the program is linked to it.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stopWastedWork } from "./src/runtime/background-work.ts";
import { BuildError } from "./src/runtime/build-error.ts";
import { disarm } from "./src/runtime/disarm.ts";
import { ARM64, X64 } from "./src/runtime/machine-code.ts";
import { addPreflight } from "./src/runtime/preflight.ts";
import { lowerReservations } from "./src/runtime/reservations.ts";
import {
  ALL_TARGETS,
  TARGETS,
  checkHash,
  fetchRuntimes,
  findBun,
  nativeTarget,
  type Target,
} from "./src/runtime/targets.ts";

const ROOT = import.meta.dir;

/** The bun for the executable, without its switches. @param path of another one than that which is pinned */
function readRuntime(target: Target, path: string | null): Buffer {
  const pinned = path === null ? TARGETS[target] : null;
  const binary = readFileSync(path ?? findBun(target));
  if (pinned !== null) checkHash(binary, target);
  disarm(binary, pinned?.names ?? null);
  lowerReservations(binary, pinned?.reservations ?? null);
  // In another one its places may have moved, and it works without that.
  if (pinned !== null) stopWastedWork(binary);
  return binary;
}

/**
 * The commit that is built, and whether tracked files differ from it; null where that is not known. A source archive
 * made by git has it in a file, in which git puts it for the archive; a clone asks git.
 */
export function sourceCommit(folder: string = ROOT): string | null {
  const archived = readFileSync(join(folder, "src", "commit.txt"), "utf8");
  if (/^[0-9a-f]{40}$/m.test(archived)) return archived.slice(0, 12);
  if (Bun.which("git") === null) return null;
  const git = (...args: readonly string[]): string | null => {
    // Whoever builds in somebody else's clone trusts it already. Variables of git, as in a hook, name another place.
    const { exitCode, stdout } = Bun.spawnSync(
      ["git", "-c", "safe.directory=*", "--no-optional-locks", ...args],
      { cwd: folder, env: { PATH: process.env["PATH"] ?? "" } },
    );
    return exitCode === 0 ? stdout.toString().trim() : null;
  };
  // Without this, a copy that lies in another project's clone would name that project's commit.
  if (git("rev-parse", "--show-cdup") !== "") return null;
  const commit = git("rev-parse", "HEAD");
  if (commit === null) return null;
  const changes = git("status", "--porcelain", "--untracked-files=no");
  return commit.slice(0, 12) + (changes === "" ? "" : ", changed");
}

/** Options for the tests, which build entries of their own; everything else is fixed. */
export interface BuildOptions {
  readonly entry?: string;
  readonly outfile?: string;
  readonly target?: Target;
  /** Another bun for the target than the pinned one, such as one that was linked with a changed library. */
  readonly runtime?: string;
}

/**
 * Builds the executable and moves it into place in one step, so that a running or failing build never leaves half a
 * file. The file's name becomes part of the executable: builds with the same name are identical to the byte.
 *
 * @throws BuildError, AggregateError with the compiler's messages
 */
export async function build(options: BuildOptions = {}): Promise<string> {
  const native = nativeTarget();
  const target = options.target ?? native;
  const outfile =
    options.outfile ??
    join(ROOT, "dist", target === native ? "" : target, "iotop");
  mkdirSync(dirname(outfile), { recursive: true });
  const scratch = mkdtempSync(join(dirname(outfile), ".build-"));
  // The source map names the sources relative to this directory.
  const caller = process.cwd();
  process.chdir(ROOT);
  try {
    const base = join(scratch, "bun");
    const built = join(scratch, "iotop");
    const binary = readRuntime(target, options.runtime ?? null);
    writeFileSync(base, binary, { mode: 0o755 });
    await Bun.build({
      entrypoints: [options.entry ?? join(ROOT, "src", "main.ts")],
      target: "bun",
      format: "esm",
      minify: true,
      bytecode: true,
      splitting: true,
      sourcemap: "linked",
      define: {
        "process.env.NODE_ENV": '"production"',
        BUILD_COMMIT: JSON.stringify(sourceCommit() ?? "unknown"),
        BUILD_TARGET: JSON.stringify(target),
      },
      compile: {
        target: `bun-${target}` as Bun.Build.CompileTarget,
        executablePath: base,
        outfile: built,
        // If an option is built in, the runtime can start in a deleted directory. This one states what is true anyway.
        execArgv: ["--no-install"],
        // A file in root's current directory must never be read, let alone run.
        autoloadBunfig: false,
        autoloadDotenv: false,
        autoloadTsconfig: false,
        // This is about the packages that a user's module imports: without it their entries are not found. The host
        // judges each of these files as it judges code.
        autoloadPackageJson: true,
        // Start-up code runs once, so compiling it is not worth it. main.ts sets another number before its loop.
        jitPolicy: 8,
      },
    });
    const machine = target.startsWith("linux-x64") ? X64 : ARM64;
    writeFileSync(built, addPreflight(readFileSync(built), machine));
    chmodSync(built, 0o755);
    renameSync(built, outfile);
  } finally {
    process.chdir(caller);
    rmSync(scratch, { recursive: true, force: true });
  }
  return outfile;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      all: { type: "boolean" },
      runtime: { type: "string" },
      target: { type: "string" },
    },
  });
  const { all, runtime, target } = values;
  try {
    if (target !== undefined && !(target in TARGETS))
      throw new BuildError(
        `no target ${target}; there are ${ALL_TARGETS.join(", ")}`,
      );
    if (all && (target ?? runtime) !== undefined)
      throw new BuildError(
        "--all builds for all machines, each with its own runtime; --target and --runtime are for one",
      );
    if (all) {
      await fetchRuntimes();
      for (const each of ALL_TARGETS)
        console.log(await build({ target: each }));
    } else await build({ target, runtime } as BuildOptions);
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error];
    for (const cause of causes) console.error(String(cause));
    process.exit(1);
  }
}
