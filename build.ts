/**
 * Builds dist/iotop, or dist/TARGET/iotop with `--target TARGET`. `--runtime PATH` takes another bun than the pinned
 * one, such as one that was linked with a changed library.
 *
 * The runtime inside the executable obeys environment variables of its own: one turns any compiled file into the bun
 * command line, others load code, open a debugger port or write files. In a program that runs as root, each is a
 * security hole, and no build option turns them off. So the runtime is disarmed before the program is linked to it.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "./package.json";
import { stopWastedWork } from "./src/runtime/background-work.ts";
import { BuildError } from "./src/runtime/build-error.ts";
import { ARM64, X64 } from "./src/runtime/machine-code.ts";
import { addPreflight } from "./src/runtime/preflight.ts";
import { lowerReservations } from "./src/runtime/reservations.ts";

const ROOT = import.meta.dir;

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

/**
 * The name of a variable as the runtime passes it to getenv(3), a whole C string: all of its own, and those of Node.js
 * that write files or take over a descriptor.
 */
const NAME =
  /(?<=\0)(?:BUN_\w{1,60}|JSC_[A-Z_]+|JavaScriptCoreUseJIT|NODE_(?:CHANNEL_FD|CHANNEL_SERIALIZATION_MODE|COMPILE_CACHE|COMPILE_CACHE_PORTABLE|DEBUG_NATIVE|REDIRECT_WARNINGS))(?=\0)/g;

/** Names that were seen to run code, to listen or to write files. */
const DANGEROUS = [
  "BUN_BE_BUN",
  "BUN_BYTECODE_DIGEST_OUT",
  "BUN_BYTECODE_ORDER_NAMES_OUT",
  "BUN_BYTECODE_ORDER_OUT",
  "BUN_INSPECT",
  "BUN_INSPECT_CONNECT_TO",
  "BUN_INSPECT_PRELOAD",
  "BUN_OPTIONS",
  "BUN_RUNTIME_TRANSPILER_CACHE_PATH",
  "BUN_TRACE",
  "NODE_COMPILE_CACHE",
  "NODE_REDIRECT_WARNINGS",
];

/**
 * BUN_JSC_*: the runtime compares the first eight characters of every variable one by one, so there is no name to
 * blank. The byte in the group holds the offset of the second character. Without the bit `clear` it becomes the offset
 * of the first, and no character is both "B" and "U".
 */
const PREFIX_TESTS = [
  {
    // x86-64: cmpb 'B', 0(r); jne; cmpb 'U', 1(r); jne; cmpb 'N', 2(r); jne; cmpb '_', 3(r)
    code: /\x80[\x38-\x3f]Bu.A?\x80[\x78-\x7f](\x01)Uu.A?\x80[\x78-\x7f]\x02Nu.A?\x80[\x78-\x7f]\x03_/dgs,
    clear: 0x01,
  },
  {
    // arm64: ldrb w, [x]; cmp w, 'B'; b.ne; ldrb w, [x, 1]; cmp w, 'U'; b.ne; ldrb w, [x, 2]; cmp w, 'N'
    code: /[\x00-\x03]@9.[\x08-\x0b]\x01q...T.([\x04-\x07])@9.[\x54-\x57]\x01q...T.[\x08-\x0b]@9.[\x38-\x3b]\x01q/dgs,
    clear: 0x04,
  },
];

/** The names in a bun binary that has not been disarmed, so that the tests can try each. */
export function variableNames(binary: Buffer): string[] {
  return [...binary.toString("latin1").matchAll(NAME)].map(([name]) => name);
}

/**
 * Removes the environment switches from a bun binary, in place. The first byte of every name becomes NUL, so the
 * runtime calls getenv(""), which finds nothing, whatever the environment holds. The other bytes stay because the
 * linker lets strings share their ends.
 *
 * @param expectedNames null for a runtime that nobody has looked at: then all names that are found are removed
 * @throws BuildError if the binary does not hold exactly what is expected: then this file must be checked against it
 */
export function disarm(binary: Buffer, expectedNames: number | null): void {
  const text = binary.toString("latin1");
  const names = [...text.matchAll(NAME)];
  const distinct = new Set(names.map(([name]) => name));
  const absent = DANGEROUS.filter((name) => !distinct.has(name));
  if (absent.length > 0)
    throw new BuildError(`this bun does not hold ${absent.join(", ")}`);
  if (
    expectedNames !== null &&
    (names.length !== expectedNames || distinct.size !== expectedNames)
  )
    throw new BuildError(
      `this bun holds ${distinct.size} variable names in ${names.length} places; ${expectedNames} are known`,
    );
  const tests = PREFIX_TESTS.flatMap(({ code, clear }) =>
    [...text.matchAll(code)].map((match) => ({
      index: match.indices![1]![0],
      clear,
    })),
  );
  if (tests.length !== 1)
    throw new BuildError(
      `this bun tests for BUN_JSC_ in ${tests.length} places; 1 is known`,
    );
  for (const { index } of names) binary[index] = 0;
  for (const { index, clear } of tests) binary[index]! &= ~clear;
}

/** Whether this process runs on musl: a machine may have both C libraries. */
function isMusl(): boolean {
  return readFileSync("/proc/self/maps", "utf8").includes("/ld-musl-");
}

export function nativeTarget(): Target {
  const target = `linux-${process.arch}${isMusl() ? "-musl" : ""}`;
  if (!(target in TARGETS))
    throw new BuildError(`no bun for ${process.platform} ${process.arch}`);
  return target as Target;
}

/** Path of the bun binary that the lock file pins for a target. */
export function findBun(target: Target): string {
  const modules = join(ROOT, "node_modules");
  const own = join(modules, TARGETS[target].package, "bin", "bun");
  if (existsSync(own)) return own;
  // bun's install script moves the binary of this machine's package here.
  const moved = join(modules, "bun", "bin", "bun.exe");
  if (target === nativeTarget() && existsSync(moved)) return moved;
  throw new BuildError(
    `${TARGETS[target].package} is not installed: ${installCommand()}`,
  );
}

/**
 * One command installs the runtimes of all other machines: npm removes what an earlier command of its kind installed.
 */
export function installCommand(): string {
  const native = nativeTarget();
  const packages = (Object.keys(TARGETS) as Target[])
    .filter((target) => target !== native)
    .map(
      (target) =>
        `${TARGETS[target].package}@${packageJson.devDependencies.bun}`,
    );
  return `npm install --no-save --force ${packages.join(" ")}`;
}

/** @throws BuildError if the binary is not the pinned one */
export function checkHash(binary: Buffer, target: Target): void {
  const { package: name, sha256 } = TARGETS[target];
  const actual = new Bun.CryptoHasher("sha256").update(binary).digest("hex");
  if (actual !== sha256)
    throw new BuildError(
      `${name} holds another bun than ${packageJson.devDependencies.bun}: its SHA-256 is ${actual}`,
    );
}

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
      define: { "process.env.NODE_ENV": '"production"' },
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
        // Start-up code runs once, so compiling it is not worth it. main.ts sets 2 before its loop.
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
    options: { target: { type: "string" }, runtime: { type: "string" } },
  });
  try {
    if (values.target !== undefined && !(values.target in TARGETS)) {
      throw new BuildError(
        `no target ${values.target}; there are ${Object.keys(TARGETS).join(", ")}`,
      );
    }
    await build(values as BuildOptions);
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error];
    for (const cause of causes) console.error(String(cause));
    process.exit(1);
  }
}
