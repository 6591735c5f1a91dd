/** The files of a release, for an archive and for a package. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { OUTPUTS } from "../../outputs/index.ts";
import { completionScript, type Shell } from "../cli/completions/index.ts";
import { LICENSES } from "../licenses/index.ts";
import { manPage } from "../manual/man-page.ts";
import { describeOutputs } from "../output-options/describe-outputs.ts";
import { RELEASED, VERSION } from "../version.ts";
import { gzipped, text, type PackagedFile } from "./files.ts";
import { PACKAGE } from "./target.ts";
import { UNITS } from "./units.ts";

const ROOT = resolve(import.meta.dir, "../..");
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

const program = (path: string, binary: string): PackagedFile => ({
  path,
  mode: 0o755,
  content: { copyOf: binary },
});

export interface Contents {
  /** As it is unpacked anywhere: below one folder. */
  readonly archive: readonly PackagedFile[];
  /** As it is installed: from the root of the file system. */
  readonly installed: readonly PackagedFile[];
}

const BASH = "usr/share/bash-completion/completions/iotop";

/**
 * Installed, the command has two names: its own, and `iotop` unless that is chosen to be another program. bash and fish
 * look for a file by the name that is typed.
 */
function completions(script: (shell: Shell) => string): PackagedFile[] {
  const zsh = script("zsh").replace("#compdef iotop", `$& ${PACKAGE}`);
  return [
    text(BASH, script("bash")),
    text(`${BASH}-bun`, `. /${BASH}\ncomplete -F _iotop ${PACKAGE}\n`),
    text("usr/share/zsh/vendor-completions/_iotop", zsh),
    text("usr/share/fish/vendor_completions.d/iotop.fish", script("fish")),
    text(
      `usr/share/fish/vendor_completions.d/${PACKAGE}.fish`,
      `complete -c ${PACKAGE} -w iotop\n`,
    ),
  ];
}

export async function contentsOf(
  binary: string,
  folder: string,
): Promise<Contents> {
  const outputs = await describeOutputs(OUTPUTS);
  const script = (shell: Shell): string => completionScript(shell, outputs);
  const man = manPage(VERSION, RELEASED);
  const doc = `usr/share/doc/${PACKAGE}`;
  return {
    archive: [
      program("iotop", binary),
      text("LICENSE", read("LICENSE")),
      text("THIRD-PARTY", LICENSES),
      text("README.md", read("README.md")),
      text("CHANGELOG.md", read("CHANGELOG.md")),
      text("iotop.8", man),
      text("completions/iotop.bash", script("bash")),
      text("completions/_iotop", script("zsh")),
      text("completions/iotop.fish", script("fish")),
      ...UNITS.map((unit) => text(`systemd/${unit.name}`, unit.text)),
    ].map((file) => ({ ...file, path: `${folder}/${file.path}` })),
    installed: [
      program(`usr/sbin/${PACKAGE}`, binary),
      gzipped(`usr/share/man/man8/${PACKAGE}.8.gz`, man),
      ...completions(script),
      ...UNITS.map((unit) =>
        text(`usr/lib/systemd/system/${unit.name}`, unit.text),
      ),
      text(`${doc}/copyright`, LICENSES),
      gzipped(`${doc}/CHANGELOG.md.gz`, read("CHANGELOG.md")),
      gzipped(`${doc}/README.md.gz`, read("README.md")),
    ],
  };
}
