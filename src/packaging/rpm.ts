/** A package for Fedora, RHEL, SUSE and the like, by rpmbuild. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./command.ts";
import type { Compression, PackageInfo } from "./deb.ts";
import { writeTree, type PackagedFile } from "./files.ts";
import { PACKAGE } from "./target.ts";
import { UNIT_NAMES } from "./units.ts";

const MAN = "/usr/share/man/man8";

/** zsh looks in other folders than on Debian. */
const onRpm = (path: string): string =>
  path.replace("/zsh/vendor-completions/", "/zsh/site-functions/");

/** Nothing is compiled, and nothing may be stripped: `strip` removes the program from the file. */
const KEEP = `%global debug_package %{nil}
%global __strip /bin/true
%global __os_install_post %{nil}
%global _build_id_links none
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost localhost
`;

/** Of its own, and of shells that need not be there: what is not listed stays when the package goes. */
const FOLDERS = [
  `doc/${PACKAGE}`,
  ...["bash-completion", "bash-completion/completions"],
  ...["fish", "fish/vendor_completions.d", "zsh", "zsh/site-functions"],
];

const PAYLOADS: Readonly<Record<Compression, string>> = {
  xz: "w6.xzdio",
  none: "w0.ufdio",
};

export function specFile(
  info: PackageInfo,
  paths: readonly string[],
  tree: string,
  compression: Compression = "xz",
): string {
  return `${KEEP}%global _binary_payload ${PAYLOADS[compression]}
Name: ${PACKAGE}
Version: ${info.version}
Release: 1
Summary: Show which processes use the disks
License: GPL-3.0-or-later AND LGPL-2.1-or-later AND MIT AND Apache-2.0
Group: System/Monitoring
Packager: the iotop authors
AutoReqProv: no
Requires: glibc >= 2.17
Requires(post): /usr/sbin/update-alternatives
Requires(preun): /usr/sbin/update-alternatives

%description
A per-process disk I/O monitor. It counts every byte of every process, however
short-lived, shows them on a screen, and feeds reports, JSON lines, statsd,
Prometheus and outputs of your own.

%install
cp -a ${tree}/. %{buildroot}/

%post
update-alternatives --install /usr/sbin/iotop iotop /usr/sbin/${PACKAGE} 100 --slave ${MAN}/iotop.8.gz iotop.8.gz ${MAN}/${PACKAGE}.8.gz
[ ! -d /run/systemd/system ] || systemctl daemon-reload >/dev/null || :

%preun
if [ "$1" = 0 ]; then
  [ ! -d /run/systemd/system ] || systemctl stop ${UNIT_NAMES} >/dev/null 2>&1 || :
  systemctl --no-reload disable ${UNIT_NAMES} >/dev/null 2>&1 || :
  update-alternatives --remove iotop /usr/sbin/${PACKAGE}
fi

%postun
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload >/dev/null || :
  # Upgraded: those that run do so with the new program.
  [ "$1" = 0 ] || systemctl try-restart ${UNIT_NAMES} >/dev/null 2>&1 || :
fi

%files
%defattr(-,root,root,-)
${FOLDERS.map((path) => `%dir /usr/share/${path}\n`).join("")}${paths.map(fileLine).join("\n")}

%changelog
* ${changelogDate(info.timeS)} the iotop authors - ${info.version}-1
- What changed is in CHANGELOG.md.
`;
}

function fileLine(path: string): string {
  if (path.endsWith("/copyright")) return `%license /${path}`;
  return path.startsWith("usr/share/doc") ? `%doc /${path}` : `/${path}`;
}

/** "Thu Nov 26 2026" */
const changelogDate = (timeS: number): string =>
  new Date(timeS * 1000)
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) .*/, "$1 $3 $2 $4");

/** Writes the package into the folder `result`, and resolves with its path. */
export async function writeRpm(
  files: readonly PackagedFile[],
  info: PackageInfo,
  paths: { readonly scratch: string; readonly result: string },
  compression: Compression = "xz",
): Promise<string> {
  const tree = join(paths.scratch, `rpm-${info.architecture}`);
  const top = join(paths.scratch, `rpmbuild-${info.architecture}`);
  const placed = files.map((file) => ({ ...file, path: onRpm(file.path) }));
  writeTree(tree, placed, info.timeS);
  mkdirSync(top, { recursive: true });
  const spec = join(top, `${PACKAGE}.spec`);
  const list = placed.map(({ path }) => path);
  writeFileSync(spec, specFile(info, list, tree, compression));
  await runTool(
    [
      ...["rpmbuild", "-bb", "--quiet"],
      ...["--target", `${info.architecture}-linux`],
      ...["--define", `_topdir ${top}`, "--define", `_rpmdir ${paths.result}`],
      ...["--define", `_dbpath ${top}/packages`],
      ...["--define", "_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm"],
      spec,
    ],
    { env: { SOURCE_DATE_EPOCH: String(info.timeS) } },
  );
  const name = `${PACKAGE}-${info.version}-1.${info.architecture}.rpm`;
  return join(paths.result, name);
}
