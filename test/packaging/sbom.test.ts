import { expect, test } from "bun:test";
import { bundledPackages } from "../../src/licenses/collect.ts";
import { RUNTIME_PARTS } from "../../src/licenses/runtime-parts.ts";
import { sbom } from "../../src/packaging/sbom.ts";

interface Component {
  readonly name: string;
  readonly version?: string;
  readonly licenses: readonly unknown[];
  readonly components?: readonly Component[];
}

const INIT = {
  version: "1.2.3",
  runtimeVersion: "1.4.5",
  partVersions: process.versions,
  packages: bundledPackages(),
  runtimeParts: RUNTIME_PARTS,
  timeS: 1_795_392_000,
};
const bill = JSON.parse(sbom(INIT));
const components: readonly Component[] = bill.components;
const runtime = components.find(({ name }) => name === "Bun")!;
const parts = runtime.components!;

test("is a bill of iotop in the form of CycloneDX", () => {
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
  expect(bill.metadata.timestamp).toBe("2026-11-23T00:00:00.000Z");
  expect(bill.metadata.component).toMatchObject({
    name: "iotop",
    version: "1.2.3",
  });
});

test("names each npm package and the runtime, with versions", () => {
  expect(components.map(({ name }) => name)).toEqual([
    ...INIT.packages.map(({ name }) => name),
    "Bun",
  ]);
  expect(components.map(({ name }) => name)).toContain("chalk");
  for (const { version } of components) expect(version).toMatch(/^\d+\.\d/);
});

test.each([
  ["JavaScriptCore and WebKit", /^[0-9a-f]{40}$/],
  ["libicu", /^\d+\.\d+$/],
  ["tinycc", /^[0-9a-f]{40}$/],
  ["boringssl", /^[0-9a-f]{40}$/],
  ["SQLite", /^3\.\d+\.\d+$/],
])("names %s, with the version that the runtime says", (name, version) => {
  const part = parts.find((each) => each.name === name)!;
  expect(part.version).toMatch(version);
});

test("says each license as SPDX does, where it has a name for it", () => {
  const licenseOf = (name: string) =>
    [...components, ...parts].find((each) => each.name === name)!.licenses;
  expect(licenseOf("chalk")).toEqual([{ license: { id: "MIT" } }]);
  expect(licenseOf("JavaScriptCore and WebKit")).toEqual([
    { license: { id: "LGPL-2.0-or-later" } },
  ]);
  expect(licenseOf("LLVM libc++abi")).toEqual([
    { expression: "Apache-2.0 WITH LLVM-exception" },
  ]);
  expect(licenseOf("SQLite")).toEqual([{ license: { name: "public domain" } }]);
  expect(licenseOf("libjpeg-turbo")).toEqual([
    { license: { name: "BSD-3-Clause, IJG and Zlib" } },
  ]);
});
