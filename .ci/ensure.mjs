#!/usr/bin/env node
/**
 * Makes the npm scripts work on a fresh clone: installs what the lock file names unless it is installed already.
 * Plain Node.js (18 or newer) without dependencies, because nothing else is there yet. Says nothing if there is
 * nothing to do; what it has to say goes to stderr, so that the output of `npm start` stays the program's own.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampPath = join(root, "node_modules", ".iotop-lock");
const npmListPath = join(root, "node_modules", ".package-lock.json");
const bunPath = join(root, "node_modules", "bun", "bin", "bun.exe");

/** npm's placeholder for the real binary is a few hundred bytes long; the binary is about 100 MB. */
const SMALLEST_BINARY_BYTES = 1e6;

function fail(message) {
  process.stderr.write(`iotop: ${message}\n`);
  process.exit(1);
}

/** The file's text, or null if it cannot be read. */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** What the text of a lock file lists, by path; nothing if it is no JSON. */
function packagesOf(lockText) {
  try {
    return JSON.parse(lockText)?.packages ?? {};
  } catch {
    return {};
  }
}

function sizeBytes(path) {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Runs a program in the checkout, its output on our stderr; returns null or the reason of its failure. */
function run(command, args) {
  const { error, status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) return error.message;
  return status === 0 ? null : `ended with ${signal ?? `status ${status}`}`;
}

/** The version of what is installed at a path of the lock file; undefined if nothing is. */
function installedVersion(path) {
  try {
    return JSON.parse(readText(join(root, path, "package.json")))?.version;
  } catch {
    return undefined;
  }
}

/**
 * Whether exactly what the lock file names is installed: by the list that npm keeps of its own work or, as Bun keeps
 * none, by the packages themselves. Optional packages may be missing: they are binaries for other machines.
 */
function isInstalled(lockText) {
  const wanted = packagesOf(lockText);
  const listText = readText(npmListPath);
  const listed = packagesOf(listText);
  const paths = new Set([...Object.keys(wanted), ...Object.keys(listed)]);
  paths.delete("");
  return [...paths].every((path) => {
    const { version, integrity, optional } = wanted[path] ?? {};
    if (listText === null) {
      const installed = installedVersion(path);
      return installed === version || (installed === undefined && optional);
    }
    if (listed[path] === undefined) return optional === true;
    return (
      version === listed[path].version && integrity === listed[path].integrity
    );
  });
}

/** Whether a program of this name is in a folder of PATH. */
const isFound = (name) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, name)));

function install() {
  // Under npm its own script is named here; under `bun run` it is bun's.
  const script = process.env.npm_execpath ?? "";
  const isNpm = /npm-cli\.js$/.test(script);
  const isBunAlone = /(^|\/)bun$/.test(script) && !isFound("npm");
  if (!isNpm && !isBunAlone && !isFound("npm"))
    fail(
      "node_modules is not what package-lock.json names, and there is no npm to install it; run: bun install --no-save",
    );
  process.stderr.write("iotop: installing what package-lock.json names\n");
  if (isBunAlone) {
    // npm's list of what it installed would be wrong from now on.
    rmSync(npmListPath, { force: true });
    const reason = run(script, ["install", "--no-save", "--silent"]);
    if (reason !== null) fail(`bun install failed: ${reason}`);
    return;
  }
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const reason = isNpm
    ? run(process.execPath, [script, ...args])
    : run("npm", args);
  if (reason !== null) fail(`npm ci failed: ${reason}`);
}

const lockText = readText(join(root, "package-lock.json"));
if (lockText === null) fail("package-lock.json cannot be read");
const stamp = createHash("sha256").update(lockText).digest("hex");

if (readText(stampPath)?.trim() !== stamp || sizeBytes(bunPath) === 0) {
  if (!isInstalled(lockText) || sizeBytes(bunPath) === 0) install();
  writeFileSync(stampPath, `${stamp}\n`);
}
if (sizeBytes(bunPath) < SMALLEST_BINARY_BYTES) {
  // Happens with ignore-scripts=true: bun's own postinstall script puts the binary in its place.
  const reason = run(process.execPath, [
    join(root, "node_modules", "bun", "install.js"),
  ]);
  if (reason !== null || sizeBytes(bunPath) < SMALLEST_BINARY_BYTES) {
    fail(`node_modules/bun holds no bun: ${reason ?? "install.js left none"}`);
  }
}
