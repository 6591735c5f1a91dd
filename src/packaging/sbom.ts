/** The bill of materials, in the form of CycloneDX 1.6. Pure. */
import type { BundledPackage } from "../licenses/collect.ts";
import type { RuntimePart } from "../licenses/runtime-parts.ts";

export interface SbomInit {
  readonly version: string;
  readonly runtimeVersion: string;
  readonly packages: readonly BundledPackage[];
  readonly runtimeParts: readonly RuntimePart[];
  /** Of the release, Unix s. */
  readonly timeS: number;
}

export function sbom(init: SbomInit): string {
  const { version, runtimeVersion, packages, runtimeParts, timeS } = init;
  const licensed = (license: string) => [{ license: { name: license } }];
  return `${JSON.stringify(
    {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: {
        timestamp: new Date(timeS * 1000).toISOString(),
        component: {
          type: "application",
          name: "iotop",
          version,
          licenses: licensed("GPL-2.0-or-later"),
        },
      },
      components: [
        ...packages.map(({ name, version: each, license }) => ({
          type: "library",
          name,
          version: each,
          purl: `pkg:npm/${name.replace("@", "%40")}@${each}`,
          licenses: licensed(license),
        })),
        {
          type: "platform",
          name: "Bun",
          version: runtimeVersion,
          purl: `pkg:github/oven-sh/bun@bun-v${runtimeVersion}`,
          licenses: licensed("MIT"),
          // Linked into the runtime, which names no versions of them.
          components: runtimeParts
            .filter(({ name }) => name !== "Bun")
            .map(({ name, license }) => ({
              type: "library",
              name,
              licenses: licensed(license),
            })),
        },
      ],
    },
    null,
    2,
  )}\n`;
}
