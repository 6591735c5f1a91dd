/** A package for Fedora, RHEL, SUSE and the like, by rpmbuild. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./command.ts";
import type { PackageInfo } from "./deb.ts";
import { writeTree, type PackagedFile } from "./files.ts";
import { PACKAGE } from "./target.ts";

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
%global _binary_payload w6.xzdio`;

export function specFile(
  info: PackageInfo,
  paths: readonly string[],
  tree: string,
): string {
  return `${KEEP}
Name: ${PACKAGE}
Version: ${info.version}
Release: 1
Summary: Show which processes use the disks
License: GPL-3.0-or-later AND LGPL-2.1-or-later AND MIT AND Apache-2.0
URL: https://github.com/iotop/iotop
AutoReqProv: no
Requires: glibc >= 2.17
Requires(post): /usr/sbin/update-alternatives
Requires(preun): /usr/sbin/update-alternatives

%description
A per-process disk I/O monitor. It counts every byte of every process, however
short-lived, shows them on a screen, and feeds reports, JSON lines, statsd,
Prometheus and outputs of one's own.

%install
cp -a ${tree}/. %{buildroot}/

%post
update-alternatives --install /usr/sbin/iotop iotop /usr/sbin/${PACKAGE} 100 --slave /usr/share/man/man8/iotop.8.gz iotop.8.gz /usr/share/man/man8/${PACKAGE}.8.gz

%preun
if [ "$1" = 0 ]; then
  update-alternatives --remove iotop /usr/sbin/${PACKAGE}
fi

%files
${paths.map((path) => (path.startsWith("usr/share/man") || path.startsWith("usr/share/doc") ? `%doc /${path}` : `/${path}`)).join("\n")}
`;
}

export async function writeRpm(
  files: readonly PackagedFile[],
  info: PackageInfo,
  paths: { readonly scratch: string; readonly result: string },
): Promise<void> {
  const tree = join(paths.scratch, `rpm-${info.architecture}`);
  const top = join(paths.scratch, `rpmbuild-${info.architecture}`);
  const placed = files.map((file) => ({ ...file, path: onRpm(file.path) }));
  writeTree(tree, placed, info.timeS);
  mkdirSync(top, { recursive: true });
  const spec = join(top, `${PACKAGE}.spec`);
  const list = placed.map(({ path }) => path);
  writeFileSync(spec, specFile(info, list, tree));
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
}
