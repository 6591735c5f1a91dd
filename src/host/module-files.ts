/**
 * Which files a module consists of, found before any of it runs: the files whose text the runtime will take for code,
 * those that they import by a name that is written in them, and the files that decide what such a name means.
 *
 * A name that the code makes up is not seen here; `import-guard.ts` judges it when it is used.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";

export interface ModuleFile {
  /** Absolute, as the runtime looks it up: symbolic links are not followed yet. */
  readonly path: string;
  /** Its text is never looked at before its path was judged; a folder or a setting has none that runs. */
  readonly isCode: boolean;
}

/**
 * The files of a module, the entry first. Each is yielded before it is read, so that a caller that stops has read
 * nothing of it.
 *
 * @throws UsageError when a file cannot be scanned, or does what cannot be judged
 */
export function* findModuleFiles(
  entry: string,
): Generator<ModuleFile, void, void> {
  const found = new Map<string, ModuleFile>();
  const add = (path: string, isCode: boolean): void => {
    if (!found.has(path) || (isCode && !found.get(path)!.isCode))
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

/** Files that the runtime may read to find out what a name or a file means: the type of a package, its entry, aliases. */
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

/** A file of any other extension, or of none, is run as TypeScript. */
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

/** Data unless an import says otherwise: names in it count if it can be read as code, and need not if it cannot. */
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
      // Without comments, and with names put together that are written in parts.
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
    `cannot be loaded: ${path} cannot be scanned for what it imports: ${flaw}`,
  );
}

/** An error of the transpiler is many lines long, or a list of errors. */
function describeFlaw(error: unknown): string {
  const first = (error as { errors?: readonly unknown[] }).errors?.[0] ?? error;
  const message = first instanceof Error ? first.message : String(first);
  return message.split("\n")[0]!;
}

const MADE_UP_IMPORT =
  /\bimport\s*\(\s*(?:[^\s"'`]|`[^`]*\$\{|(["'])(?:(?!\1).)*\1\s*[^\s),])/;
const WORKER = /\bnew\s+(?:[\w$.]+\.)?Worker\b/;

/** Neither passes the guard: an import() of a name without an extension, and whatever a worker imports. */
function refuseUnseen(path: string, code: string): void {
  if (MADE_UP_IMPORT.test(code))
    throw new UsageError(
      `refused, since it would run as root: ${path} calls import() with a name that is not written in it, which cannot be judged: write the name out`,
    );
  if (WORKER.test(code))
    throw new UsageError(
      `refused, since it would run as root: ${path} starts a worker, whose imports cannot be judged`,
    );
}

/**
 * What `import` and `require` each make of a name (a package may have an entry for either), and where the name is
 * looked up: links on the way count, and a package that is not there must not come to be there by somebody else.
 */
function* resolveName(
  name: string,
  importer: string,
): Generator<ModuleFile, void, void> {
  if (name === "iotop" || /^(?:bun|node|data):/.test(name)) return;
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
    // Nothing that is built in is a file.
    if (!isAbsolute(path)) return;
    yield { path: withoutQuery(path), isCode: true };
  }
  for (const path of placesOf(name, importer)) yield { path, isCode: false };
}

/** The part of a path that names a file: the runtime loads `a.js?x` from `a.js` if there is no file of the longer name. */
export function withoutQuery(path: string): string {
  return existsSync(path) ? path : path.replace(/[?#].*$/s, "");
}

function placesOf(name: string, importer: string): readonly string[] {
  const plain = name.startsWith("file:") ? urlPath(name) : name;
  if (plain.startsWith(".") || isAbsolute(plain))
    return [nearestExisting(resolve(dirname(importer), plain))];
  const paths: string[] = [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    paths.push(nearestExisting(join(folder, "node_modules", plain)));
    if (folder === dirname(folder)) return paths;
  }
}

function urlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function nearestExisting(path: string): string {
  while (!existsSync(path)) path = dirname(path);
  return path;
}
