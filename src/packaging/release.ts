/**
 * `npm run release`: everything that is given away, in dist/release. The same source makes the same files to the byte.
 * It needs xz, dpkg-deb and rpmbuild, and the runtimes of all targets.
 */
import {
  createReadStream,
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
  type Target,
} from "../runtime/targets.ts";
import { RELEASED, VERSION } from "../version.ts";
import { runTool } from "./command.ts";
import { contentsOf } from "./contents.ts";
import { writeDeb } from "./deb.ts";
import { writeTree, type PackagedFile } from "./files.ts";
import { writeRpm } from "./rpm.ts";
import { sbom } from "./sbom.ts";
import { PACKAGE, PACKAGED } from "./target.ts";

const ROOT = resolve(import.meta.dir, "../..");
const RESULT = join(ROOT, "dist/release");
const TIME_S = Date.parse(`${RELEASED}T00:00:00Z`) / 1000;

async function writeArchive(
  files: readonly PackagedFile[],
  folder: string,
  scratch: string,
): Promise<void> {
  writeTree(scratch, files, TIME_S);
  const archive = join(RESULT, `${folder}.tar`);
  await runTool(
    [
      ...["tar", "--create", "--file", archive, "--format=gnu", "--sort=name"],
      ...["--owner=0", "--group=0", "--numeric-owner", `--mtime=@${TIME_S}`],
      folder,
    ],
    { cwd: scratch },
  );
  // One thread: more of them cut the data into other blocks.
  await runTool(["xz", "--threads=1", "-6", "--force", archive]);
}

async function releaseTarget(target: Target, scratch: string): Promise<void> {
  console.log(target);
  const binary = await build({ target });
  const folder = `iotop-${VERSION}-${target}`;
  const { archive, installed } = await contentsOf(binary, folder);
  await writeArchive(archive, folder, scratch);
  const names = PACKAGED[target];
  if (names === undefined) return;
  const info = { version: VERSION, timeS: TIME_S };
  const deb = join(RESULT, `${PACKAGE}_${VERSION}_${names.deb}.deb`);
  await writeDeb(
    installed,
    { ...info, architecture: names.deb },
    { scratch, result: deb },
  );
  await writeRpm(
    installed,
    { ...info, architecture: names.rpm },
    { scratch, result: RESULT },
  );
}

async function sha256(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of createReadStream(path)) hasher.update(chunk);
  return hasher.digest("hex");
}

async function writeSums(): Promise<void> {
  const lines: string[] = [];
  for (const name of readdirSync(RESULT).sort())
    lines.push(`${await sha256(join(RESULT, name))}  ${name}\n`);
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
