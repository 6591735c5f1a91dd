/** What there is of a path. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** The path; or, if nothing is there, the nearest folder above it, in which the rest of it could be made. */
export function nearestExisting(path: string): string {
  while (!existsSync(path)) path = dirname(path);
  return path;
}
