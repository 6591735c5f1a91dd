/**
 * Judges what a user's module loads while it runs. These are names that the code computes, so no scan of its text finds
 * them.
 *
 * The runtime asks two hooks what a name means. Each answers as before, after the file was judged:
 * - `onResolve` of a plugin, for `import` and `require` of names that have an extension;
 * - `Module._resolveFilename`, for `require` of any name.
 */
import Module from "node:module";
import { dirname, isAbsolute, join } from "node:path";

type ResolveFilename = (
  name: string,
  parent: unknown,
  ...rest: readonly unknown[]
) => string;

/** The part of node:module that bun's types lack. */
const loader = Module as unknown as { _resolveFilename: ResolveFilename };

/** Where the runtime keeps the program itself. No file on disk has such a path. */
const OWN_FILES = "/$bunfs/";

/**
 * Judges an import.
 *
 * @param path absolute, of the file that is about to be loaded
 * @param name as the code gives it
 * @param importer absolute path of the file that imports it
 */
type Judge = (path: string, name: string, importer: string) => void;

let judge: Judge | null = null;

/**
 * Stays in force for the rest of the process.
 *
 * @param judgeImport what it throws is what the import throws
 */
export function guardImports(judgeImport: Judge): void {
  if (judge === null) install();
  judge = judgeImport;
}

function install(): void {
  const resolveFilename = loader._resolveFilename;
  let isOurs = false;
  /** Looking a name up calls the guard again. */
  const look = (resolveName: () => string): string => {
    const wasOurs = isOurs;
    isOurs = true;
    try {
      return resolveName();
    } finally {
      isOurs = wasOurs;
    }
  };
  loader._resolveFilename = function (this: unknown, name, parent, ...rest) {
    const path = look(() => resolveFilename.call(this, name, parent, ...rest));
    if (!isOurs) judgeFile(path, name, importerOf(parent));
    return path;
  };
  Bun.plugin({
    name: "iotop-import-guard",
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path: name, importer }) => {
        if (isOurs) return undefined;
        let path: string;
        try {
          path = look(() => Bun.resolveSync(name, dirname(importer)));
        } catch {
          // The runtime reports what is missing.
          return undefined;
        }
        judgeFile(path, name, importer);
        return undefined;
      });
    },
  });
}

/** Names of built-in modules are not paths. */
function judgeFile(path: string, name: string, importer: string): void {
  if (isAbsolute(path) && !path.startsWith(OWN_FILES))
    judge!(path, name, importer);
}

/** What `createRequire` makes has the path of a module; without one, a name is looked up in the current directory. */
function importerOf(parent: unknown): string {
  const { filename, id } = (parent ?? {}) as {
    filename?: unknown;
    id?: unknown;
  };
  const path = [filename, id].find(
    (each) => typeof each === "string" && isAbsolute(each),
  );
  return (path as string | undefined) ?? join(process.cwd(), "unnamed");
}
