/** A program under another name. */
import { lutimesSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * Whoever follows a link writes down when, unless that is later already (relatime). Here it is: else a task would write
 * its first page before its execve, while it has the name of whoever started it, and a sample then shows that page there.
 *
 * @param folder where programs may be executed
 * @returns its path in the folder
 */
export function programAs(
  comm: string,
  folder: string,
  program: string,
): string {
  const path = join(folder, comm);
  symlinkSync(program, path);
  const nowS = Date.now() / 1000;
  lutimesSync(path, nowS + 3600, nowS);
  return path;
}
