/** What the linters of Debian and rpm say about our packages, and why it stays so. */
import { runTool } from "./command.ts";

const RUNTIME =
  "the runtime is linked as it is, and strip would remove the program";
const TEXTS = "all texts travel with the file, where no distribution has them";
const SUSE =
  "a rule of SUSE: as a ghost of ours, removal would delete the link of another package";

/** Tags of errors and warnings. */
export const KNOWN_TAGS: Readonly<Record<string, string>> = {
  // lintian
  "bogus-mail-host": "the project has no mail address",
  "bogus-mail-host-in-debian-changelog": "the project has no mail address",
  "copyright-file-contains-full-apache-2-license": TEXTS,
  "copyright-file-contains-full-gpl-license": TEXTS,
  "copyright-not-using-common-license-for-lgpl": TEXTS,
  "embedded-library": RUNTIME,
  "hardening-no-pie": RUNTIME,
  "hardening-no-relro": RUNTIME,
  "maintainer-script-calls-systemctl":
    "it disables the services where no systemd runs too",
  "unstripped-binary-or-object": RUNTIME,
  // rpmlint
  "alternative-generic-name-missing": SUSE,
  "alternative-link-missing": SUSE,
  "invalid-license": "a name of SPDX, which this rpmlint does not know",
  "manpage-not-compressed": "it is, by gzip",
  "no-dependency-on": "a package called -bun is no translation",
  "no-manual-page-for-binary": "it is there, in section 8",
  "no-signature": "the project has no signing key",
  "no-url-tag": "the project has no address",
  "only-non-binary-in-usr-lib": "services of systemd are there",
  "position-independent-executable-suggested": RUNTIME,
  "update-alternatives-postun-call-missing":
    "the link goes before the program does",
};

/** Lines of errors and warnings. */
async function linesOf(path: string): Promise<readonly string[]> {
  const isDeb = path.endsWith(".deb");
  const command = isDeb ? ["lintian", "--fail-on", "none"] : ["rpmlint"];
  // rpmlint ends so after an error.
  const output = await runTool([...command, path], { statuses: [0, 64] });
  return output.split("\n").filter((line) => /^(?:\S+: )?[EW]: /.test(line));
}

/** What a linter finds in a package that is not known. */
export async function unknownFlaws(path: string): Promise<readonly string[]> {
  const lines = await linesOf(path);
  const tagOf = (line: string): string =>
    /[EW]: (?:\S+: )?(\S+)/.exec(line)?.[1] ?? line;
  return lines.filter((line) => !Object.hasOwn(KNOWN_TAGS, tagOf(line)));
}

/** The linter of a package, or null if it is not installed. */
export const linterOf = (path: string): string | null =>
  Bun.which(path.endsWith(".deb") ? "lintian" : "rpmlint");
