/**
 * Makes all that a release has for one machine, of any program: PROGRAM FOLDER. A process of its own has a umask of its
 * own.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeArchive } from "../../src/packaging/archive.ts";
import { contentsOf } from "../../src/packaging/contents.ts";
import { writeDeb } from "../../src/packaging/deb.ts";
import { writeRpm } from "../../src/packaging/rpm.ts";

export interface Packages {
  readonly archive: string;
  readonly deb: string;
  readonly rpm: string;
}

const INFO = { version: "1.2.3", timeS: 1_795_392_000 };

export async function makePackages(
  program: string,
  folder: string,
): Promise<Packages> {
  const scratch = join(folder, "scratch");
  mkdirSync(scratch, { recursive: true });
  const name = "iotop-1.2.3-linux-x64";
  const { archive, installed } = await contentsOf(program, name);
  const paths = { scratch, result: folder };
  const [tar, deb, rpm] = await Promise.all([
    writeArchive(archive, name, INFO.timeS, paths),
    writeDeb(installed, { ...INFO, architecture: "amd64" }, paths),
    writeRpm(installed, { ...INFO, architecture: "x86_64" }, paths),
  ]);
  return { archive: tar!, deb: deb!, rpm: rpm! };
}

if (import.meta.main) {
  const [program = "", folder = ""] = process.argv.slice(2);
  console.log(JSON.stringify(await makePackages(program, folder)));
}
