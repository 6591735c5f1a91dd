import { expect, test } from "bun:test";
import { bundledPackages } from "../../src/licenses/collect.ts";
import { RUNTIME_PARTS } from "../../src/licenses/runtime-parts.ts";
import { sbom } from "../../src/packaging/sbom.ts";

test("names the runtime, what is linked into it, and the npm packages", () => {
  const bill = JSON.parse(
    sbom({
      version: "1.2.3",
      runtimeVersion: "1.4.5",
      packages: bundledPackages(),
      runtimeParts: RUNTIME_PARTS,
      timeS: 1_795_392_000,
    }),
  );
  expect(bill.bomFormat).toBe("CycloneDX");
  expect(bill.metadata.timestamp).toBe("2026-11-23T00:00:00.000Z");
  expect(bill.metadata.component).toMatchObject({
    name: "iotop",
    version: "1.2.3",
  });
  const names = bill.components.map(({ name }: { name: string }) => name);
  expect(names).toContain("chalk");
  const runtime = bill.components.find(
    ({ name }: { name: string }) => name === "Bun",
  );
  expect(runtime.version).toBe("1.4.5");
  const parts = runtime.components.map(({ name }: { name: string }) => name);
  for (const each of [
    "JavaScriptCore and WebKit",
    "libicu",
    "tinycc",
    "boringssl",
  ])
    expect(parts).toContain(each);
  for (const component of [...bill.components, ...runtime.components])
    expect(component.licenses[0].license.name).not.toBe("");
});
