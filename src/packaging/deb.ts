/** A package for Debian and what is made from it, by dpkg-deb. */
import { join } from "node:path";
import { runTool } from "./command.ts";
import { text, writeTree, type PackagedFile } from "./files.ts";
import { PACKAGE } from "./target.ts";

const MAN = "/usr/share/man/man8";

/** Debian's iotop-c takes part in this too, with priority 40: whoever installs both gets this one as `iotop`. */
const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  update-alternatives --install /usr/sbin/iotop iotop /usr/sbin/${PACKAGE} 100 \\
    --slave ${MAN}/iotop.8.gz iotop.8.gz ${MAN}/${PACKAGE}.8.gz
fi
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
fi
`;

const PRERM = `#!/bin/sh
set -e
if [ "$1" = remove ] || [ "$1" = deconfigure ]; then
  if [ -d /run/systemd/system ]; then
    systemctl --no-reload disable --now iotop-bun-recorder iotop-bun-statsd >/dev/null 2>&1 || true
  fi
  update-alternatives --remove iotop /usr/sbin/${PACKAGE}
fi
`;

/** What the recorder has written goes with the package's settings. */
const POSTRM = `#!/bin/sh
set -e
if [ "$1" = purge ]; then
  rm -rf /var/log/iotop /var/log/private/iotop
fi
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
fi
`;

export interface PackageInfo {
  readonly version: string;
  /** As Debian or rpm calls it. */
  readonly architecture: string;
  /** Of the release, Unix s. */
  readonly timeS: number;
}

export function controlFile(info: PackageInfo, installedKiB: number): string {
  return `Package: ${PACKAGE}
Version: ${info.version}
Architecture: ${info.architecture}
Maintainer: the iotop authors <iotop@localhost>
Installed-Size: ${installedKiB}
Depends: libc6 (>= 2.17)
Suggests: jq
Section: admin
Priority: optional
Description: show which processes use the disks
 A per-process disk I/O monitor. It counts every byte of every process, however
 short-lived, shows them on a screen, and feeds reports, JSON lines, statsd,
 Prometheus and outputs of one's own.
 .
 It lives beside the packages iotop and iotop-c; the command iotop is chosen by
 update-alternatives.
`;
}

/** @param compression "xz", or "none" where nobody waits for a download */
export async function writeDeb(
  files: readonly PackagedFile[],
  info: PackageInfo,
  paths: { readonly scratch: string; readonly result: string },
  compression: "xz" | "none" = "xz",
): Promise<void> {
  const tree = join(paths.scratch, `deb-${info.architecture}`);
  const script = (name: string, content: string): PackagedFile => ({
    path: `DEBIAN/${name}`,
    mode: 0o755,
    content,
  });
  writeTree(tree, files, info.timeS);
  const installedKiB = files.reduce(
    (sum, { path }) => sum + Math.ceil(Bun.file(join(tree, path)).size / 1024),
    0,
  );
  writeTree(
    tree,
    [
      text("DEBIAN/control", controlFile(info, installedKiB)),
      script("postinst", POSTINST),
      script("prerm", PRERM),
      script("postrm", POSTRM),
    ],
    info.timeS,
  );
  await runTool(
    [
      "dpkg-deb",
      "--root-owner-group",
      `-Z${compression}`,
      "--build",
      tree,
      paths.result,
    ],
    {
      env: {
        SOURCE_DATE_EPOCH: String(info.timeS),
        // Blocks are cut by the number of threads.
        DPKG_DEB_THREADS_MAX: "1",
      },
    },
  );
}
