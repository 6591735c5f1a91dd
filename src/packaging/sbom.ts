/** The bill of materials, in the form of CycloneDX 1.6. Pure. */
import type { BundledPackage } from "../licenses/collect.ts";
import {
  NAMES_IN_VERSIONS,
  type RuntimePart,
} from "../licenses/runtime-parts.ts";

export interface SbomInit {
  readonly version: string;
  readonly runtimeVersion: string;
  /** `process.versions` of the runtime. */
  readonly partVersions: Readonly<Record<string, string | undefined>>;
  readonly packages: readonly BundledPackage[];
  readonly runtimeParts: readonly RuntimePart[];
  /** Of the release, Unix s. */
  readonly timeS: number;
}

/** A name from the list of SPDX, an expression of such names, or words. */
function licenses(license: string): readonly object[] {
  if (/^(?:[A-Z][\w.+-]*-[\d][\w.-]*|MIT|ISC|Zlib)$/.test(license))
    return [{ license: { id: license } }];
  if (license.includes(" WITH ")) return [{ expression: license }];
  return [{ license: { name: license } }];
}

export function sbom(init: SbomInit): string {
  const { version, runtimeVersion, packages, runtimeParts, timeS } = init;
  const versionOf = (name: string): { readonly version?: string } => {
    const found = init.partVersions[NAMES_IN_VERSIONS[name] ?? ""];
    return found === undefined ? {} : { version: found };
  };
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(timeS * 1000).toISOString(),
      component: {
        type: "application",
        name: "iotop",
        version,
        licenses: licenses("GPL-2.0-or-later"),
      },
    },
    components: [
      ...packages.map(({ name, version: each, license }) => ({
        type: "library",
        name,
        version: each,
        purl: `pkg:npm/${name.replace("@", "%40")}@${each}`,
        licenses: licenses(license),
      })),
      {
        type: "platform",
        name: "Bun",
        version: runtimeVersion,
        purl: `pkg:github/oven-sh/bun@bun-v${runtimeVersion}`,
        licenses: licenses("MIT"),
        // Linked into the runtime, which names the versions of some.
        components: runtimeParts
          .filter(({ name }) => name !== "Bun")
          .map(({ name, license }) => ({
            type: "library",
            name,
            ...versionOf(name),
            licenses: licenses(license),
          })),
      },
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}
