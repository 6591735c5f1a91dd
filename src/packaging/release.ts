/**
 * `npm run release`: everything that is given away, in dist/release. The same source makes the same files to the byte.
 * It needs xz, dpkg-deb and rpmbuild, and the runtimes of all targets.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { build } from "../../build.ts";
import { bundledPackages } from "../licenses/collect.ts";
import { RUNTIME_PARTS } from "../licenses/runtime-parts.ts";
import {
  ALL_TARGETS,
  BUN_VERSION,
  fetchRuntimes,
  nativeTarget,
  type Target,
} from "../runtime/targets.ts";
import { RELEASED, VERSION } from "../version.ts";
import { writeArchive } from "./archive.ts";
import { contentsOf } from "./contents.ts";
import { writeDeb } from "./deb.ts";
import { linterOf, unknownFlaws } from "./lint.ts";
import { checkAnswer, checkPacked, sha256Of } from "./packed-program.ts";
import { writeRpm } from "./rpm.ts";
import { sbom } from "./sbom.ts";
import { PACKAGED } from "./target.ts";

const ROOT = resolve(import.meta.dir, "../..");
const RESULT = join(ROOT, "dist/release");
const TIME_S = Date.parse(`${RELEASED}T00:00:00Z`) / 1000;

/** @throws Error if a package is not what was built, or a linter finds what is not known */
async function checkPackage(path: string, binary: string): Promise<void> {
  await checkPacked(path, binary);
  if (linterOf(path) === null)
    return console.log(`${path}: no linter is installed, so it is not checked`);
  const flaws = await unknownFlaws(path);
  if (flaws.length > 0) throw new Error(`${path}:\n${flaws.join("\n")}`);
}

async function releaseTarget(target: Target, scratch: string): Promise<void> {
  console.log(target);
  const binary = await build({ target });
  if (target === nativeTarget()) await checkAnswer(binary, VERSION);
  const folder = `iotop-${VERSION}-${target}`;
  const { archive, installed } = await contentsOf(binary, folder);
  const paths = { scratch, result: RESULT };
  const writes = [writeArchive(archive, folder, TIME_S, paths)];
  const names = PACKAGED[target];
  const info = { version: VERSION, timeS: TIME_S };
  if (names !== undefined)
    writes.push(
      writeDeb(installed, { ...info, architecture: names.deb }, paths),
      writeRpm(installed, { ...info, architecture: names.rpm }, paths),
    );
  const [, ...packages] = await Promise.all(writes);
  for (const path of packages) await checkPackage(path, binary);
}

async function writeSums(): Promise<void> {
  const lines: string[] = [];
  for (const name of readdirSync(RESULT).sort()) {
    const path = join(RESULT, name);
    // For everybody, whatever the umask.
    chmodSync(path, 0o644);
    lines.push(`${await sha256Of(path)}  ${name}\n`);
  }
  writeFileSync(join(RESULT, "SHA256SUMS"), lines.join(""));
}

if (import.meta.main) {
  rmSync(RESULT, { recursive: true, force: true });
  mkdirSync(RESULT, { recursive: true });
  const scratch = mkdtempSync(join(RESULT, "..", ".release-"));
  try {
    await fetchRuntimes();
    for (const target of ALL_TARGETS) await releaseTarget(target, scratch);
    writeFileSync(
      join(RESULT, `iotop-${VERSION}.cdx.json`),
      sbom({
        version: VERSION,
        runtimeVersion: BUN_VERSION,
        partVersions: process.versions,
        packages: bundledPackages(),
        runtimeParts: RUNTIME_PARTS,
        timeS: TIME_S,
      }),
    );
    await writeSums();
  } catch (error) {
    console.error(`release: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
