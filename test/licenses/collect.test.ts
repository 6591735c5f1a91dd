// waits: it bundles the program
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json";
import {
  bundledPackages,
  collectLicenses,
} from "../../src/licenses/collect.ts";
import { LICENSES } from "../../src/licenses/index.ts";
import {
  NAMES_IN_VERSIONS,
  RUNTIME_PARTS,
} from "../../src/licenses/runtime-parts.ts";
import { ROOT } from "../support/documents/manual.ts";

setDefaultTimeout(120_000);

describe("the npm packages", () => {
  let inBundle: ReadonlySet<string>;
  beforeAll(async () => {
    const { metafile } = await Bun.build({
      entrypoints: [join(ROOT, "src/main.ts")],
      target: "bun",
      splitting: true,
      metafile: true,
    });
    inBundle = new Set(
      Object.keys(metafile!.inputs).flatMap(
        (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
      ),
    );
  });

  test("are those that the bundler takes, or more", () => {
    const named = new Set(bundledPackages().map(({ name }) => name));
    expect(inBundle.has("chalk")).toBe(true);
    expect([...inBundle].filter((name) => !named.has(name))).toEqual([]);
  });

  test("each say what their license is", () => {
    for (const { name, version, license } of bundledPackages()) {
      expect(`${name} ${version}: ${license}`).toMatch(/^\S+ [\d.]+: \S+/);
      expect(LICENSES).toContain(`\n${name} ${version}: ${license}\n=====`);
    }
  });
});

describe("the parts of the runtime", () => {
  test("have all their texts, and each text is that of a part", () => {
    const wanted = new Set(RUNTIME_PARTS.flatMap(({ texts }) => texts));
    const folder = "src/licenses/texts";
    const there = [
      ...new Bun.Glob("*.txt").scanSync({ cwd: join(ROOT, folder) }),
    ].map((file) => file.replace(".txt", ""));
    expect(there.sort()).toEqual([...wanted].sort());
    for (const name of wanted) {
      expect(existsSync(join(ROOT, folder, `${name}.txt`))).toBe(true);
      const text = readFileSync(join(ROOT, folder, `${name}.txt`), "utf8");
      expect(LICENSES).toContain(text.replaceAll("\r\n", "\n").trim());
    }
  });

  test("are all that the runtime says a version of", () => {
    const linked = Object.values(NAMES_IN_VERSIONS);
    // What it is itself, what it is compatible with, and what it was compiled with.
    const OTHERS = ["bun", "node", "openssl", "v8", "uv", "napi", "unicode"];
    OTHERS.push("modules", "typescript", "zig");
    expect(Object.keys(process.versions).sort()).toEqual(
      [...linked, ...OTHERS].sort(),
    );
    const parts = RUNTIME_PARTS.map(({ name }) => name);
    for (const name of Object.keys(NAMES_IN_VERSIONS))
      expect(parts).toContain(name);
  });

  // The list was read for this version: with another one, read it again.
  test("are those of the pinned runtime", () => {
    const head = readFileSync(join(ROOT, "src/licenses/head.txt"), "utf8");
    expect(head).toContain(
      `Bun ${packageJson.devDependencies.bun} (${Bun.revision.slice(0, 9)},`,
    );
    const parts = readFileSync(
      join(ROOT, "src/licenses/runtime-parts.ts"),
      "utf8",
    );
    expect(parts).toContain(
      `Bun ${packageJson.devDependencies.bun}, ${Bun.revision.slice(0, 9)}`,
    );
  });
});

test("the program holds what is collected, iotop's own license first", () => {
  expect(LICENSES).toBe(collectLicenses());
  expect(LICENSES).toContain(
    readFileSync(join(ROOT, "LICENSE"), "utf8").trim(),
  );
  expect(LICENSES).toContain("Independent JPEG Group");
});
