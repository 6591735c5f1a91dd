/**
 * Every text that must travel with the executable, collected when it is built: `index.ts` calls this as a macro, so that
 * the program holds the result and reads no file.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { RUNTIME_PARTS } from "./runtime-parts.ts";

const ROOT = resolve(import.meta.dir, "../..");

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** Not a dependency of the program: the page that the output `html` writes has its text. */
const IN_PAGES = ["uplot"];

const readText = (...path: readonly string[]): string =>
  readFileSync(join(ROOT, ...path), "utf8")
    .replaceAll("\r\n", "\n")
    .trim();

/** The npm packages in the executable: the dependencies, with theirs, as the lock file has them. */
export function bundledPackages(): readonly BundledPackage[] {
  const { packages } = JSON.parse(readText("package-lock.json")) as Lock;
  const names = new Set(IN_PAGES);
  const visit = (locked: LockedPackage): void => {
    const { dependencies, optionalDependencies } = locked;
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
    })) {
      if (names.has(name)) continue;
      names.add(name);
      visit(packages[`node_modules/${name}`]!);
    }
  };
  visit(packages[""]!);
  return [...names].sort().map((name) => {
    const { version, license = "" } = packages[`node_modules/${name}`]!;
    return { name, version, license };
  });
}

/** @throws Error if a package comes without the text of its license */
function textOfPackage(name: string): string {
  const folder = join("node_modules", name);
  const file = readdirSync(join(ROOT, folder)).find((each) =>
    /^licen[cs]e/i.test(each),
  );
  if (file === undefined)
    throw new Error(`${folder} has no text of its license`);
  return readText(folder, file);
}

const RULE = "=".repeat(80);

const section = (title: string, text: string): string =>
  `${RULE}\n${title}\n${RULE}\n\n${text}\n`;

export function collectLicenses(): string {
  const packages = bundledPackages();
  const texts = [...new Set(RUNTIME_PARTS.flatMap((each) => each.texts))];
  const usersOf = (text: string): string =>
    RUNTIME_PARTS.filter((each) => each.texts.includes(text))
      .map(({ name, license }) => `${name}: ${license}`)
      .join("\n");
  return [
    readText("src/licenses/head.txt"),
    "",
    ...packages.map(
      ({ name, version, license }) => `  ${name} ${version}: ${license}`,
    ),
    ...RUNTIME_PARTS.map(({ name, license }) => `  ${name}: ${license}`),
    "",
    section("iotop: GPL-2.0-or-later", readText("LICENSE")),
    ...packages.map(({ name, version, license }) =>
      section(`${name} ${version}: ${license}`, textOfPackage(name)),
    ),
    ...texts.map((text) =>
      section(usersOf(text), readText("src/licenses/texts", `${text}.txt`)),
    ),
  ].join("\n");
}
