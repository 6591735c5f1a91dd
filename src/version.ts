/** The version of iotop: the bundler keeps this one field of the file. */
import { version } from "../package.json";

export const VERSION: string = version;

/** The day on which it was released, for the man page. */
export const RELEASED = "2026-11-26";

/** Set by build.ts; not there where the sources run as they are. */
declare const BUILD_COMMIT: string | undefined;
declare const BUILD_TARGET: string | undefined;

/** What --version prints. Its first line is that of iotop 0.6, for scripts. */
export function versionText(): string {
  const commit = typeof BUILD_COMMIT === "undefined" ? "unknown" : BUILD_COMMIT;
  const target = typeof BUILD_TARGET === "undefined" ? "unknown" : BUILD_TARGET;
  return `iotop ${VERSION}
commit: ${commit}
target: ${target}
runtime: Bun ${Bun.version} (${Bun.revision.slice(0, 9)})
license: GPL-2.0-or-later, without warranty; iotop --licenses prints all
`;
}
