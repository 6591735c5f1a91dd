/** The machines that are released for, as each format calls them. */
import type { Target } from "../runtime/targets.ts";

export interface PackageNames {
  readonly deb: string;
  readonly rpm: string;
}

/** Those with glibc have packages; musl has archives alone. */
export const PACKAGED: Readonly<Partial<Record<Target, PackageNames>>> = {
  "linux-x64": { deb: "amd64", rpm: "x86_64" },
  "linux-arm64": { deb: "arm64", rpm: "aarch64" },
};

/** Beside Debian's own iotop and iotop-c. */
export const PACKAGE = "iotop-bun";
