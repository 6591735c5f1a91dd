/** Which files a module consists of: those whose text runs when it is imported, and those that it may import later. */
import { readFileSync, realpathSync } from "node:fs";
import { dirname, extname, isAbsolute } from "node:path";

/**
 * The real paths of a file and of all that it imports or requires by name, packages included. A file is read after its
 * path was taken, so that whoever stops at one has read nothing of it. Names that the code makes up are not found.
 */
export function* findCodeFiles(entry: string): Generator<string, void, void> {
  const found = new Set([entry]);
  for (const path of found) {
    yield path;
    for (const imported of importsOf(path)) found.add(imported);
  }
}

const LOADERS: Readonly<Record<string, Bun.JavaScriptLoader>> = {
  ".js": "jsx",
  ".jsx": "jsx",
  ".mjs": "jsx",
  ".cjs": "jsx",
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
};

function importsOf(path: string): readonly string[] {
  const loader = LOADERS[extname(path)];
  if (loader === undefined) return [];
  try {
    return new Bun.Transpiler({ loader })
      .scanImports(readFileSync(path, "utf8"))
      .flatMap((imported) => resolveFile(imported.path, dirname(path)) ?? []);
  } catch {
    // What cannot be read or parsed runs no code; importing it says why.
    return [];
  }
}

/** Null for what the runtime or iotop itself provides, and for what is not there. */
function resolveFile(specifier: string, folder: string): string | null {
  if (specifier === "iotop") return null;
  try {
    const path = Bun.resolveSync(specifier, folder);
    return isAbsolute(path) ? realpathSync(path) : null;
  } catch {
    return null;
  }
}
