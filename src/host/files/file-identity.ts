/** Which file a path leads to, whatever the path is. */
import { readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { MOST_LINKS } from "./symbolic-links.ts";

/** A disk that does not answer must not keep other outputs waiting. */
const PATIENCE_MS = 2000;

/**
 * The same text for two paths of the same file, FIFO or folder. For other things, and where nothing can be found out,
 * the path.
 */
export function identifyFile(path: string): Promise<string> {
  const late = Bun.sleep(PATIENCE_MS).then(() => resolve(path));
  return Promise.race([identify(path), late]);
}

async function identify(path: string): Promise<string> {
  let at = resolve(path);
  try {
    const found = await stat(at, { bigint: true });
    return found.isFile() || found.isFIFO() || found.isDirectory()
      ? `${found.dev}:${found.ino}`
      : at;
  } catch {}
  // The file does not exist yet: it is identified by the name that all links lead to.
  for (let links = 0; links <= MOST_LINKS; links++) {
    const folder = await realpath(dirname(at)).catch(() => null);
    if (folder === null) break;
    at = resolve(folder, basename(at));
    const target = await readlink(at).catch(() => null);
    if (target === null) break;
    at = resolve(folder, target);
  }
  return at;
}
