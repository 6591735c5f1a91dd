/** A package for Debian and what is made from it, by dpkg-deb. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./command.ts";
import { gzipped, text, writeTree, type PackagedFile } from "./files.ts";
import { PACKAGE } from "./target.ts";
import { UNIT_NAMES } from "./units.ts";

const MAN = "/usr/share/man/man8";

/** The project has no mail address. */
const MAINTAINER = "the iotop authors <iotop@localhost>";

/** Debian's iotop-c takes part in this too, with priority 40: whoever installs both gets this one as `iotop`. */
const POSTINST = `#!/bin/sh
set -e
case "$1" in
  configure | abort-*)
    update-alternatives --install /usr/sbin/iotop iotop /usr/sbin/${PACKAGE} 100 \\
      --slave ${MAN}/iotop.8.gz iotop.8.gz ${MAN}/${PACKAGE}.8.gz
    ;;
esac
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
  # Upgraded: those that run do so with the new program.
  [ -z "$2" ] || deb-systemd-invoke try-restart ${UNIT_NAMES} >/dev/null || true
fi
`;

/** Links of enabled services are removed without a running systemd too, as in an image of a disk. */
const PRERM = `#!/bin/sh
set -e
if [ "$1" = remove ] || [ "$1" = deconfigure ]; then
  [ ! -d /run/systemd/system ] || deb-systemd-invoke stop ${UNIT_NAMES} >/dev/null || true
  if command -v systemctl >/dev/null; then
    systemctl --no-reload disable ${UNIT_NAMES} >/dev/null 2>&1 || true
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

/** "none" is for tests: nobody downloads those packages. */
export type Compression = "xz" | "none";

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
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKiB}
Depends: libc6 (>= 2.17)
Suggests: jq
Section: admin
Priority: optional
Description: show which processes use the disks
 A per-process disk I/O monitor. It counts every byte of every process, however
 short-lived, shows them on a screen, and feeds reports, JSON lines, statsd,
 Prometheus and outputs of your own.
 .
 It can be installed beside the packages iotop and iotop-c: update-alternatives
 chooses which of them the command iotop is.
`;
}

/** Of a package that has no source package of its own; what changed is in CHANGELOG.md. */
function changelog({ version, timeS }: PackageInfo): PackagedFile {
  const date = new Date(timeS * 1000).toUTCString().replace("GMT", "+0000");
  return gzipped(
    `usr/share/doc/${PACKAGE}/changelog.gz`,
    `${PACKAGE} (${version}) stable; urgency=medium

  * What changed is in CHANGELOG.md.gz.

 -- ${MAINTAINER}  ${date}
`,
  );
}

const md5Of = (path: string): string =>
  new Bun.CryptoHasher("md5").update(readFileSync(path)).digest("hex");

/** Writes the package into the folder `result`, and resolves with its path. */
export async function writeDeb(
  files: readonly PackagedFile[],
  info: PackageInfo,
  paths: { readonly scratch: string; readonly result: string },
  compression: Compression = "xz",
): Promise<string> {
  const tree = join(paths.scratch, `deb-${info.architecture}`);
  const script = (name: string, content: string): PackagedFile => ({
    path: `DEBIAN/${name}`,
    mode: 0o755,
    content,
  });
  const placed = [...files, changelog(info)];
  writeTree(tree, placed, info.timeS);
  const installedKiB = placed.reduce(
    (sum, { path }) => sum + Math.ceil(Bun.file(join(tree, path)).size / 1024),
    0,
  );
  const sums = placed.map(
    ({ path }) => `${md5Of(join(tree, path))}  ${path}\n`,
  );
  writeTree(
    tree,
    [
      text("DEBIAN/control", controlFile(info, installedKiB)),
      text("DEBIAN/md5sums", sums.join("")),
      script("postinst", POSTINST),
      script("prerm", PRERM),
      script("postrm", POSTRM),
    ],
    info.timeS,
  );
  const { version, architecture } = info;
  const path = join(paths.result, `${PACKAGE}_${version}_${architecture}.deb`);
  await runTool(
    [
      "dpkg-deb",
      "--root-owner-group",
      `-Z${compression}`,
      "--build",
      tree,
      path,
    ],
    {
      env: {
        SOURCE_DATE_EPOCH: String(info.timeS),
        // Blocks are cut by the number of threads.
        DPKG_DEB_THREADS_MAX: "1",
      },
    },
  );
  return path;
}
