/**
 * Finds the files of a module before any of it runs: files whose text the runtime will run as code, files that they
 * import by a literal name, and files that decide what such a name means.
 *
 * Names that the code computes are not seen here; `import-guard.ts` judges them when they are used.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../errors.ts";
import { nearestExisting } from "../files/nearest-existing.ts";

export interface ModuleFile {
  /** Absolute, as the runtime looks it up: symbolic links have not been followed yet. */
  readonly path: string;
  /**
   * Whether the text is code. It is not read before its path was judged. Folders and settings hold no code that runs.
   */
  readonly isCode: boolean;
}

/**
 * The files of a module, the entry first. Each is yielded before it is read, so that a caller that stops has read
 * nothing of it.
 *
 * @param known files of code whose own imports have been found before: they are left out, with all that they import
 * @throws UsageError when a file cannot be scanned, or uses something that cannot be judged
 */
export function* findModuleFiles(
  entry: string,
  known: ReadonlySet<string> = new Set(),
): Generator<ModuleFile, void, void> {
  const found = new Map<string, ModuleFile>();
  const add = (path: string, isCode: boolean): void => {
    if (known.has(path)) return;
    const before = found.get(path);
    if (before?.isCode || (before && !isCode)) return;
    // A file that was thought to be data moves to the end, where it is scanned.
    found.delete(path);
    found.set(path, { path, isCode });
  };
  add(entry, true);
  for (const file of found.values()) {
    yield file;
    if (!file.isCode) continue;
    for (const path of settingsAbove(file.path)) add(path, false);
    for (const name of importsOf(file.path))
      for (const { path, isCode } of resolveName(name, file.path))
        add(path, isCode);
  }
}

/** Files that the runtime may read to find out what a name or a file means: a package's type and entry, or aliases. */
const SETTINGS = ["package.json", "tsconfig.json", "jsconfig.json"];

function settingsAbove(path: string): readonly string[] {
  const paths: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    for (const name of SETTINGS) {
      const setting = join(folder, name);
      if (existsSync(setting)) paths.push(setting);
    }
    if (folder === dirname(folder)) return paths;
  }
}

/** Files of any other extension, or of none, are run as TypeScript. */
const LOADERS: Readonly<Record<string, readonly Bun.JavaScriptLoader[]>> = {
  ".js": ["jsx"],
  ".jsx": ["jsx"],
  ".mjs": ["jsx"],
  ".cjs": ["jsx"],
  ".ts": ["ts"],
  ".mts": ["ts"],
  ".cts": ["ts"],
  ".tsx": ["tsx"],
};
const OTHER_LOADERS: readonly Bun.JavaScriptLoader[] = ["ts", "tsx", "jsx"];

const PLAIN = new Bun.Transpiler({ loader: "js" });

/**
 * These are data unless an import says otherwise. Names in them count if they parse as code; if not, that is no error.
 */
const DATA = new Set(
  ".json .jsonc .json5 .toml .yaml .yml .txt .md .html .css .wasm .node".split(
    " ",
  ),
);

function importsOf(path: string): readonly string[] {
  const extension = extname(path);
  let flaw = "";
  for (const loader of LOADERS[extension] ?? OTHER_LOADERS) {
    const transpiler = new Bun.Transpiler({ loader });
    let code: string;
    let imports: readonly Bun.Import[];
    try {
      const text = readFileSync(path, "utf8");
      // The transpiler removes comments and joins names that are written in parts.
      code = transpiler.transformSync(text);
      imports = [...transpiler.scanImports(text), ...PLAIN.scanImports(code)];
    } catch (error) {
      flaw ||= describeFlaw(error);
      continue;
    }
    if (!DATA.has(extension)) refuseUnseen(path, code);
    return imports.map((each) => each.path);
  }
  if (DATA.has(extension)) return [];
  throw new UsageError(
    `cannot be loaded: ${path} cannot be scanned for imports: ${flaw}`,
  );
}

/** The transpiler's error is many lines long, or a list of errors. It does not know the name of the file. */
function describeFlaw(error: unknown): string {
  const first = (error as { errors?: readonly unknown[] }).errors?.[0] ?? error;
  const message = first instanceof Error ? first.message : String(first);
  const { position } = first as {
    position?: { line: number; column: number } | null;
  };
  const place = position ? ` at ${position.line}:${position.column}` : "";
  return `${message.split("\n")[0]!}${place}`;
}

const MADE_UP_IMPORT =
  /\bimport\s*\(\s*(?:[^\s"'`]|`[^`]*\$\{|(["'])(?:(?!\1).)*\1\s*[^\s),])/;
const WORKER = /\bnew\s+(?:[\w$.]+\.)?Worker\b/;

/**
 * Refuses what the guard would not see: an import() of a name without an extension, and anything that a worker imports.
 */
function refuseUnseen(path: string, code: string): void {
  if (MADE_UP_IMPORT.test(code))
    throw new UsageError(
      `refused, because it would run as root: ${path} calls import() with a computed name, which iotop cannot check: write the name as text`,
    );
  if (WORKER.test(code))
    throw new UsageError(
      `refused, because it would run as root: ${path} starts a worker, whose imports iotop cannot check`,
    );
}

/** What `import` and `require` make of a name (a package may have a different entry for each), and what decides it. */
function* resolveName(
  name: string,
  importer: string,
): Generator<ModuleFile, void, void> {
  if (isBuiltIn(name)) return;
  for (const look of [
    () => Bun.resolveSync(name, dirname(importer)),
    () => createRequire(importer).resolve(name),
  ]) {
    let path: string;
    try {
      path = look();
    } catch {
      continue;
    }
    // Built-in modules are not files.
    if (!isAbsolute(path)) return;
    yield { path: withoutQuery(path), isCode: true };
  }
  for (const path of decidersOf(name, importer)) yield { path, isCode: false };
}

/**
 * What decides which file a name means: the places where it is looked up, and each `package.json` in them, which may
 * name any file as the entry. Links on the way count, and the place of a package that is missing counts too, because
 * another user could create it.
 */
export function decidersOf(name: string, importer: string): readonly string[] {
  if (isBuiltIn(name)) return [];
  return placesOf(name, importer).flatMap(({ path, top }) => [
    nearestExisting(path),
    ...settingsBetween(path, top),
  ]);
}

const isBuiltIn = (name: string): boolean =>
  name === "iotop" || isBuiltin(name) || /^(?:bun|node|data):/.test(name);

/** A folder is imported by its `package.json`, and so is a package, or a folder in it. */
function settingsBetween(path: string, top: string): readonly string[] {
  const paths: string[] = [];
  for (let folder = path; folder.startsWith(top); folder = dirname(folder)) {
    const setting = join(folder, "package.json");
    if (existsSync(setting)) paths.push(setting);
    if (folder === dirname(folder)) break;
  }
  return paths;
}

/**
 * The part of a path that names a file: the runtime loads `a.js` for `a.js?x` if there is no file of the longer name.
 */
export function withoutQuery(path: string): string {
  return existsSync(path) ? path : path.replace(/[?#].*$/s, "");
}

/** A place where a name is looked up, and the uppermost folder on the way that the name itself has led to. */
interface Place {
  readonly path: string;
  readonly top: string;
}

function placesOf(name: string, importer: string): readonly Place[] {
  const plain = name.startsWith("file:") ? urlPath(name) : name;
  if (plain.startsWith(".") || isAbsolute(plain)) {
    const path = resolve(dirname(importer), plain);
    return [{ path, top: path }];
  }
  const places: Place[] = [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const top = join(folder, "node_modules");
    places.push({ path: join(top, plain), top });
    if (folder === dirname(folder)) return places;
  }
}

function urlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
