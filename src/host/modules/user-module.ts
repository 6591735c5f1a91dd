/** A user's own output: a file that is imported at run time. */
import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError, describeError, errorCode } from "../../errors.ts";
import * as api from "../../model/index.ts";
import { API_VERSION, type OutputModule } from "../../model/output.ts";
import { guardImports } from "./import-guard.ts";
import { placeOf } from "./module-error.ts";
import { decidersOf, findModuleFiles, withoutQuery } from "./module-files.ts";
import { findDistrust, trustedUids } from "./module-trust.ts";
import { readPrivileges, type Privileges } from "../run/privileges.ts";

export interface LoadedModule {
  readonly module: OutputModule;
  /** Where the file was found, symbolic links resolved. */
  readonly realPath: string;
}

/**
 * @param guard installs the check of what the module loads while it runs, for the rest of the process
 * @throws UsageError when the file is missing, refused, broken, or not an output
 */
export async function loadUserModule(
  path: string,
  privileges: Privileges = readPrivileges(),
  guard: typeof guardImports = guardImports,
): Promise<LoadedModule> {
  if (privileges.atSecure)
    throw new UsageError(
      `${path}: refused: iotop runs with more privileges than its caller, so it loads no modules`,
    );
  const realPath = findFile(path);
  provideOwnInterface();
  let imported: { default?: unknown };
  try {
    if (privileges.uid === 0) {
      const trusted = trustedUids(privileges.sudoUid);
      refuseForeignCode(realPath, trusted);
      guard((file, name, importer) => {
        for (const path of decidersOf(name, importer))
          refuseForeign(path, trusted);
        refuseForeignCode(withoutQuery(file), trusted);
      });
    }
    imported = (await import(realPath)) as { default?: unknown };
  } catch (error) {
    throw new UsageError(
      error instanceof UsageError
        ? `${path}: ${error.message}`
        : `${path}: cannot be loaded: ${describeError(error)}${placeOf(error, realPath)}`,
    );
  }
  return { module: checkModule(path, imported.default), realPath };
}

/** Files that this process has found to be safe from changes by other users. */
const judged = new Set<string>();
/** Those of them that are code, and all that they import by name is safe too. */
const scanned = new Set<string>();

/** @throws UsageError when other users could change a file or what it imports */
function refuseForeignCode(entry: string, trusted: ReadonlySet<number>): void {
  const code: string[] = [];
  for (const { path, isCode } of findModuleFiles(entry, scanned)) {
    refuseForeign(path, trusted);
    if (isCode) code.push(path);
  }
  for (const path of code) scanned.add(path);
}

/** @throws UsageError when other users could change a file */
function refuseForeign(path: string, trusted: ReadonlySet<number>): void {
  if (judged.has(path)) return;
  const distrust = findDistrust(path, trusted);
  if (distrust !== null)
    throw new UsageError(`refused, because it would run as root: ${distrust}`);
  judged.add(path);
}

/** The path is made absolute first: the runtime resolves bare and relative names against its own current directory. */
function findFile(path: string): string {
  try {
    const realPath = realpathSync(resolve(path));
    if (statSync(realPath).isFile()) return realPath;
  } catch (error) {
    throw new UsageError(
      `${path}: ${errorCode(error) === "ENOENT" ? "no such file" : describeError(error)}`,
    );
  }
  throw new UsageError(`${path}: not a file`);
}

let provided = false;

/** Makes `import { defineOutput } from "iotop"` in the user's file mean our public interface, from memory. */
function provideOwnInterface(): void {
  if (provided) return;
  provided = true;
  Bun.plugin({
    name: "iotop",
    setup(build) {
      build.module("iotop", () => ({
        exports: { ...api },
        loader: "object",
      }));
    },
  });
}

/** `exported` is the default export; that of a CommonJS file has one more `default` inside. */
function checkModule(path: string, exported: unknown): OutputModule {
  const wrapped = (exported as { default?: unknown } | null | undefined)
    ?.default;
  const module = (wrapped ?? exported) as Partial<OutputModule> | undefined;
  const flaw = findFlaw(module);
  if (flaw !== null) throw new UsageError(`${path}: ${flaw}`);
  return module as OutputModule;
}

const OWNABLE: readonly unknown[] = ["terminal", "stdout", "stdout-at-end"];
const OPTION_TYPES: readonly unknown[] = ["string", "number", "boolean", "map"];

function findFlaw(module: Partial<OutputModule> | undefined): string | null {
  if (typeof module !== "object" || module === null)
    return "not an output: it needs `export default defineOutput({ ... })`";
  if (module.api !== API_VERSION)
    return `written for api ${String(module.api)}; this iotop has api ${API_VERSION}`;
  if (typeof module.name !== "string" || !/^[a-z][a-z0-9-]*$/.test(module.name))
    return "its `name` must be a lower-case word";
  if (typeof module.summary !== "string")
    return "its `summary` must be a line of text";
  if (typeof module.create !== "function")
    return "its `create` must be a function that returns the output";
  if (module.owns !== undefined && !OWNABLE.includes(module.owns))
    return `its \`owns\` must be one of ${OWNABLE.map((each) => `"${each}"`).join(", ")}`;
  const { target } = module;
  if (
    target !== undefined &&
    target !== "file" &&
    target !== "recording" &&
    target !== "whole-file" &&
    typeof target?.about !== "string"
  )
    return 'its `target` must be "file", "whole-file", "recording" or { about: "..." }';
  for (const [key, option] of Object.entries(module.options ?? {}))
    if (!OPTION_TYPES.includes(option?.type))
      return `its option ${JSON.stringify(key)} must have the type string, number, boolean or map`;
  return null;
}
